import { createInterface } from 'node:readline';

/** Asks on stderr, so that stdout holds the answer alone. Anything but a yes is a no, and so is Ctrl-C or the end of input. */
export function askOn(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): (question: string) => Promise<boolean> {
  return (question) =>
    new Promise((resolve) => {
      const lines = createInterface({ input, output });
      lines.once('close', () => resolve(false));
      lines.question(`${question} [y/N] `, (answer) => {
        resolve(/^y(es)?$/i.test(answer.trim()));
        lines.close();
      });
    });
}
