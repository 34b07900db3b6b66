import type { Readable } from 'node:stream';
import { LineSplitter } from './line-splitter';
import type { LogBudget } from './log-budget';

/** Bytes that are kept of the end of each stream, for the reason of a dead letter. */
const TAIL_BYTES = 16 * 1024;

/** One stream of a program: its lines are logged within the budget, its end is kept. */
export class ProgramOutput {
  private tail: Buffer = Buffer.alloc(0);
  private readonly splitter: LineSplitter;
  private readonly ended: Promise<void>;

  constructor(
    private readonly stream: Readable,
    private readonly budget: LogBudget,
    log: (line: string) => void,
  ) {
    this.splitter = new LineSplitter((line) => {
      if (!budget.hasRoom) return budget.leftOut(Buffer.byteLength(line) + 1);
      budget.logged(line);
      log(line);
    });
    this.ended = new Promise((resolve) => stream.once('close', resolve));
    stream.on('error', (error) => log(`The program's output cannot be read: ${error.message}.`));
    stream.on('data', (chunk: Buffer) => this.take(chunk));
  }

  /** Reads on after a pause. */
  resume(): void {
    this.stream.resume();
  }

  /**
   * Reads what is left, and closes the stream, also when an unknown process still holds its other
   * end. Call it once the program has ended.
   */
  async end(waitMilliseconds: number): Promise<void> {
    this.resume();
    const late = setTimeout(() => this.stream.destroy(), waitMilliseconds);
    await this.ended;
    clearTimeout(late);
    this.splitter.end();
  }

  /** The last lines, without empty ones. */
  get lastLines(): readonly string[] {
    const lines = this.tail
      .toString()
      .split(/[\r\n]+/)
      .filter((line) => line.trim() !== '');
    return this.tail.length < TAIL_BYTES || lines.length < 2 ? lines : lines.slice(1);
  }

  private take(chunk: Buffer): void {
    this.tail = Buffer.concat([
      this.tail.subarray(-TAIL_BYTES),
      chunk.subarray(-TAIL_BYTES),
    ]).subarray(-TAIL_BYTES);
    this.budget.read(chunk.length);
    if (this.budget.hasRoom) this.splitter.push(chunk);
    else {
      this.splitter.skip();
      this.budget.leftOut(chunk.length);
    }
    if (!this.budget.mayRead) this.stream.pause();
  }
}
