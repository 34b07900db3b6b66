import type { Rendered, Renderer, RenderRequest } from './job/ports';

/**
 * A renderer that is loaded when {@link load} or the first picture asks for it: libvips takes as
 * long to load as the rest of the worker, and can do so while the queue answers. A task that cannot
 * load it must not work on: each of its jobs would count as failed, though a task of another image
 * could do it.
 */
export class LateRenderer implements Renderer {
  private renderer: Promise<Renderer> | undefined;

  constructor(
    private readonly loadRenderer: () => Promise<Renderer>,
    /** Ends the process, whose messages come back to the queue; default: an uncaught exception. */
    private readonly fail: (error: unknown) => void = throwUncaught,
  ) {}

  /** Never resolves when loading has failed. */
  load(): Promise<Renderer> {
    this.renderer ??= this.loadRenderer().catch((error: unknown) => {
      this.fail(error);
      return new Promise<never>(() => undefined);
    });
    return this.renderer;
  }

  async render(request: RenderRequest): Promise<Rendered> {
    const renderer = await this.load();
    return renderer.render(request);
  }
}

function throwUncaught(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
