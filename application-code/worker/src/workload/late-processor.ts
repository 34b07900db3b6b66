import type { JobContext, ProcessedSource, Processor, Source } from './workload';

/**
 * A processor that is loaded when {@link load} or the first source asks for it: native modules take
 * as long to load as the rest of the worker, and can do so while the queue answers. A task that
 * cannot load it must not work on: each of its jobs would count as failed, though a task of another
 * image could do it.
 */
export class LateProcessor implements Processor {
  private processor: Promise<Processor> | undefined;

  constructor(
    private readonly loadProcessor: () => Promise<Processor>,
    /** Ends the process, whose messages come back to the queue; default: an uncaught exception. */
    private readonly fail: (error: unknown) => void = throwUncaught,
  ) {}

  /** Never resolves when loading has failed. */
  load(): Promise<Processor> {
    this.processor ??= this.loadProcessor().catch((error: unknown) => {
      this.fail(error);
      return new Promise<never>(() => undefined);
    });
    return this.processor;
  }

  async process(source: Source, context: JobContext): Promise<ProcessedSource> {
    const processor = await this.load();
    return processor.process(source, context);
  }
}

function throwUncaught(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
