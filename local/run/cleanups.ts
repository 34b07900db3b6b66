/** The steps that end a run, however it ends: the last thing made is undone first. */
export class Cleanups {
  private readonly steps: { readonly what: string; readonly undo: () => unknown }[] = [];

  /** @param what the sentence that reports a failure of this step, up to its colon. */
  add(what: string, undo: () => unknown): void {
    this.steps.push({ what, undo });
  }

  /**
   * Undoes everything. A step that fails does not stop the others.
   * @returns a sentence for each failure.
   */
  async run(): Promise<string[]> {
    const failures: string[] = [];
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      try {
        await step.undo();
      } catch (error) {
        failures.push(`${step.what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return failures;
  }
}
