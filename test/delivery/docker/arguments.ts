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
    const [flag = '', inline] = splitOnce(words[at] ?? '', '=');
    if (flags.switches?.includes(flag) && inline === undefined) found.push([flag, '']);
    else if (flags.values?.includes(flag))
      found.push([flag, inline ?? valueAfter(command, words, at++)]);
    else throw new DockerError(`unknown flag: ${words[at]} of docker ${command}`, USAGE);
  }
  return {
    values: (flag) => found.filter(([name]) => name === flag).map(([, value]) => value),
    has: (flag) => found.some(([name]) => name === flag),
    rest: words.slice(at),
  };
}

function valueAfter(command: string, words: readonly string[], at: number): string {
  const value = words[at + 1];
  if (value === undefined)
    throw new DockerError(`flag needs an argument: ${words[at]} of docker ${command}`, USAGE);
  return value;
}

export function splitOnce(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
