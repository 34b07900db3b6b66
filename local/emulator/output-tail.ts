import type { Readable } from 'node:stream';

/** The last lines of what a process wrote, so that its end can be explained. */
export class OutputTail {
  private tail = '';

  constructor(private readonly maxCharacters = 2_000) {}

  follow(stream: Readable): void {
    stream.on('data', (chunk: Buffer) => {
      this.tail = (this.tail + chunk.toString()).slice(-this.maxCharacters);
    });
    stream.on('error', () => undefined);
  }

  /** On one line, for the end of a sentence. */
  text(): string {
    return this.tail.trim().replaceAll(/\s*\n\s*/g, ' | ') || 'nothing';
  }
}
