/** Most bytes of a line; what follows them is left out. */
export const MAX_LINE_BYTES = 8 * 1024;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Makes lines of the pieces that a program writes. A carriage return ends a line, too: programs
 * show their progress with it. Empty lines are left out.
 */
export class LineSplitter {
  private readonly pieces: Buffer[] = [];
  private bytes = 0;
  private isSkipping = false;

  constructor(private readonly onLine: (line: string) => void) {}

  push(chunk: Buffer): void {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      if (chunk[at] !== NEWLINE && chunk[at] !== CARRIAGE_RETURN) continue;
      this.keep(chunk.subarray(start, at));
      this.end();
      start = at + 1;
    }
    this.keep(chunk.subarray(start));
  }

  /** Ends the line that has begun; what follows belongs to a line whose start is left out. */
  skip(): void {
    this.end();
    this.isSkipping = true;
  }

  /** Ends the line that has begun. */
  end(): void {
    this.isSkipping = false;
    if (this.bytes === 0) return;
    const line = Buffer.concat(this.pieces);
    this.pieces.length = 0;
    this.bytes = 0;
    this.onLine(whole(line));
  }

  private keep(piece: Buffer): void {
    const kept = piece.subarray(0, MAX_LINE_BYTES - this.bytes);
    if (kept.length === 0 || this.isSkipping) return;
    // A copy: the piece of a line would hold the whole chunk.
    this.pieces.push(Buffer.from(kept));
    this.bytes += kept.length;
  }
}

/** Without half a character at the end of a line that was cut. */
function whole(line: Buffer): string {
  return line.length < MAX_LINE_BYTES ? line.toString() : line.toString().replace(/\uFFFD$/, '');
}
