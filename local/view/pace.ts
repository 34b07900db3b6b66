/**
 * Files per second over the last moments, so that a pause shows and an early start does not blur
 * the rest.
 */
export class Pace {
  private readonly marks: { readonly seconds: number; readonly files: number }[] = [];

  /** @param windowSeconds how far back the pace looks. */
  constructor(private readonly windowSeconds = 5) {}

  /**
   * Tells how many files were finished at a moment; gives the pace, or undefined before the first
   * file.
   */
  at(seconds: number, files: number): number | undefined {
    this.marks.push({ seconds, files });
    while (
      this.marks.length > 2 &&
      seconds - (this.marks[1]?.seconds ?? seconds) > this.windowSeconds
    )
      this.marks.shift();
    const first = this.marks[0];
    if (files === 0 || first === undefined || seconds <= first.seconds) return undefined;
    return (files - first.files) / (seconds - first.seconds);
  }
}
