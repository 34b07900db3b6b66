/** A complaint of the command, and the code that it ends with. */
export class DockerError extends Error {
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

/** What docker itself ends with when it was called wrongly. */
const USAGE = 125;

export interface Flags {
  /** Flags that take a value. */
  readonly values?: readonly string[];
  readonly switches?: readonly string[];
}

export interface Parsed {
  /** Every value that a flag was given, in their order. */
  readonly values: (flag: string) => readonly string[];
  readonly has: (flag: string) => boolean;
  /** What follows the flags. */
  readonly rest: readonly string[];
}

/** Reads the flags before the first other word. @throws DockerError for an unknown flag. */
export function parseFlags(command: string, words: readonly string[], flags: Flags): Parsed {
  const found: (readonly [flag: string, value: string])[] = [];
  let at = 0;
  for (; words[at]?.startsWith('-'); at += 1) {
    const word = words[at] ?? '';
    const [flag, inline] = splitOnce(word, '=');
    if (flags.switches?.includes(flag) && inline === undefined) {
      found.push([flag, '']);
      continue;
    }
    if (!flags.values?.includes(flag))
      throw new DockerError(`unknown flag: ${word} of docker ${command}`, USAGE);
    const value = inline ?? words[++at];
    if (value === undefined)
      throw new DockerError(`flag needs an argument: ${word} of docker ${command}`, USAGE);
    found.push([flag, value]);
  }
  return {
    values: (flag) => found.filter(([name]) => name === flag).map(([, value]) => value),
    has: (flag) => found.some(([name]) => name === flag),
    rest: words.slice(at),
  };
}

export function splitOnce(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
