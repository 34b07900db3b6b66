/**
 * Bounds what the emulator holds, since it keeps every body in memory: an upload waits until enough
 * of what was uploaded before it has been fetched and deleted. First come, first served; one that
 * is larger than the limit goes alone.
 */
export class HeldBytes {
  private held = 0;
  private readonly waiting: { readonly bytes: number; readonly admit: () => void }[] = [];

  /** @param limitBytes most bytes of unfinished source objects. */
  constructor(private readonly limitBytes: number) {}

  /** True while an upload waits for others to be finished. */
  get isFull(): boolean {
    return this.waiting.length > 0;
  }

  /**
   * Waits for room; every admission needs one `release` of the same size, also when the upload
   * fails.
   */
  async admit(bytes: number): Promise<void> {
    const admitted = new Promise<void>((admit) => this.waiting.push({ bytes, admit }));
    this.next();
    await admitted;
  }

  /** Lets everybody through who waits: there is nothing left to wait for. */
  open(): void {
    for (const { bytes, admit } of this.waiting.splice(0)) {
      this.held += bytes;
      admit();
    }
  }

  /** Gives room back once the object is gone from the emulator. */
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
