import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Who is told how far a job is. */
export type ProgressListener = (fraction: number, text: string) => void;

const MOST_BYTES = 1_024;
/** A link, a pipe or a device is not followed, waited for or read. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** The file in which a program says how far it is: a number from 0 to 1, then a text. */
export class ProgressFile {
  private last = '';

  constructor(
    private readonly path: string,
    private readonly tell: ProgressListener,
    private readonly log: (line: string) => void,
  ) {}

  /** Tells what it says, if that has changed. */
  read(): void {
    const line = firstLine(this.path);
    if (line === undefined || line === this.last) return;
    this.last = line;
    const [word = '', ...words] = line.split(/\s+/);
    const fraction = word === '' ? Number.NaN : Number(word);
    if (fraction >= 0 && fraction <= 1) this.tell(fraction, words.join(' '));
    else
      this.log(
        'JOB_PROGRESS must begin with a number from 0 to 1, such as `0.5 page 7 of 14`, but ' +
          `${JSON.stringify(line)} was found.`,
      );
  }
}

/** Undefined while no plain file is there. */
function firstLine(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, FLAGS);
  } catch {
    // Most programs never write one.
    return undefined;
  }
  try {
    if (!fstatSync(file).isFile()) return undefined;
    const buffer = Buffer.alloc(MOST_BYTES);
    const bytes = readSync(file, buffer, 0, MOST_BYTES, 0);
    const [line = ''] = buffer.toString('utf8', 0, bytes).split('\n');
    return line.trim() || undefined;
  } finally {
    closeSync(file);
  }
}
