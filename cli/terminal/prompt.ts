import { createInterface } from 'node:readline';

/**
 * Asks on stderr, so that stdout holds the answer alone. Anything but a yes is a no, and so is
 * Ctrl-C or the end of input.
 */
export function askOn(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): (question: string) => Promise<boolean> {
  const askForLine = askForLineOn(input, output);
  return async (question) => /^y(es)?$/i.test((await askForLine(`${question} [y/N]`)).trim());
}

/** Asks for a line on stderr; Ctrl-C and the end of input return an empty one. */
export function askForLineOn(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): (question: string) => Promise<string> {
  return (question) =>
    new Promise((resolve) => {
      const lines = createInterface({ input, output });
      const leave = () => {
        output.write('\n');
        resolve('');
      };
      lines.once('close', leave);
      lines.question(`${question} `, (answer) => {
        lines.off('close', leave);
        lines.close();
        resolve(answer);
      });
    });
}
