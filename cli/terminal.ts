import { createInterface } from 'node:readline';

/** Asks on stderr, so that stdout holds the answer alone. Anything but a yes is a no, and so is Ctrl-C or the end of input. */
export function askOn(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): (question: string) => Promise<boolean> {
  return (question) =>
    new Promise((resolve) => {
      const lines = createInterface({ input, output });
      const leave = () => {
        output.write('\n');
        resolve(false);
      };
      lines.once('close', leave);
      lines.question(`${question} [y/N] `, (answer) => {
        lines.off('close', leave);
        lines.close();
        resolve(/^y(es)?$/i.test(answer.trim()));
      });
    });
}
