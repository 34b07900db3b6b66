/** What one job may log at once, and how much more each second. */
const BURST = { lines: 1_000, bytes: 1024 * 1024 } as const;
const EACH_SECOND = { lines: 100, bytes: 100 * 1024 } as const;
/**
 * What is read of one job's output in a second. It costs about a fiftieth of a CPU; a program that
 * writes more waits.
 */
const READ_BYTES_EACH_SECOND = 64 * 1024 * 1024;

/**
 * Bounds what one job logs: a line takes the worker's time, CloudWatch's money and the operator's
 * patience. What is above it is read and left out, so that a program does not wait for its log.
 */
export class LogBudget {
  private lines: number = BURST.lines;
  private bytes: number = BURST.bytes;
  private readable: number = READ_BYTES_EACH_SECOND;
  private leftOutBytes = 0;

  /** Whether there is room for any line. */
  get hasRoom(): boolean {
    return this.lines > 0 && this.bytes > 0;
  }

  /** Whether the program's output may be read on before the next {@link refill}. */
  get mayRead(): boolean {
    return this.readable > 0;
  }

  read(bytes: number): void {
    this.readable -= bytes;
  }

  logged(line: string): void {
    this.lines -= 1;
    this.bytes -= line.length;
  }

  leftOut(bytes: number): void {
    this.leftOutBytes += bytes;
  }

  /** To be called each second. */
  refill(): void {
    this.lines = Math.min(BURST.lines, this.lines + EACH_SECOND.lines);
    this.bytes = Math.min(BURST.bytes, this.bytes + EACH_SECOND.bytes);
    this.readable = READ_BYTES_EACH_SECOND;
  }

  /** Says how much was left out since it was asked last; undefined when nothing was. */
  takeNotice(): string | undefined {
    const bytes = this.leftOutBytes;
    this.leftOutBytes = 0;
    if (bytes === 0) return undefined;
    return (
      `${bytes} bytes of the program's output are left out: a job may log ${BURST.lines} lines ` +
      `at once, and ${EACH_SECOND.lines} more each second.`
    );
  }
}
