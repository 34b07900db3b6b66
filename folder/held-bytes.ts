/**
 * Bounds the bytes that several uploads hold at a time. A local run counts the bytes on the
 * emulator, which keeps every body in memory; `spillway upload` counts those under way. Uploads are
 * admitted in their order, and one above the limit is admitted alone.
 */
export class HeldBytes {
  private held = 0;
  private readonly waiting: { readonly bytes: number; readonly admit: () => void }[] = [];

  /** @param limitBytes most bytes at a time. */
  constructor(private readonly limitBytes: number) {}

  /** True while an upload waits. */
  get isFull(): boolean {
    return this.waiting.length > 0;
  }

  /** Waits for room. Each admission needs one `release` of its size, even after a failed upload. */
  async admit(bytes: number): Promise<void> {
    const admitted = new Promise<void>((admit) => this.waiting.push({ bytes, admit }));
    this.next();
    await admitted;
  }

  /** Admits all uploads that wait. */
  open(): void {
    for (const { bytes, admit } of this.waiting.splice(0)) {
      this.held += bytes;
      admit();
    }
  }

  /** Returns the room of one upload. */
  release(bytes: number): void {
    this.held = Math.max(0, this.held - bytes);
    this.next();
  }

  private next(): void {
    for (let first = this.waiting[0]; first !== undefined; first = this.waiting[0]) {
      if (this.held > 0 && this.held + first.bytes > this.limitBytes) return;
      this.waiting.shift();
      this.held += first.bytes;
      first.admit();
    }
  }
}
