/**
 * What has to be undone at the end of a run, whatever happened: the last thing made is the first
 * one undone.
 */
export class Cleanups {
  private readonly steps: { readonly what: string; readonly undo: () => unknown }[] = [];

  /** @param what names the step where it fails. */
  add(what: string, undo: () => unknown): void {
    this.steps.push({ what, undo });
  }

  /**
   * Undoes everything; a step that fails does not keep the others from being done. Gives a sentence
   * for each failure.
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
