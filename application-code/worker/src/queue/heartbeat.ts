import type { Clock } from '../clock';
import type { BatchResult } from './batcher';
import type { VisibilityChange } from './ports';

interface HeldMessage {
  readonly receiptHandle: string;
  readonly onLost: (code: string) => void;
  /** The extension under way. */
  extending: Promise<unknown>;
}

/**
 * Keeps held messages hidden. Three times in each visibility timeout all of them are extended by
 * the whole timeout, so that one failed beat does not show a message to another worker.
 */
export class Heartbeat {
  private readonly held = new Set<HeldMessage>();
  private cancelBeat: (() => void) | undefined;

  constructor(
    private readonly extend: (change: VisibilityChange) => Promise<BatchResult>,
    private readonly visibilityTimeoutSeconds: number,
    private readonly clock: Clock,
  ) {}

  /**
   * Holds a message. Returns a function that ends this; it resolves when no extension is under way,
   * so that a late beat cannot undo a release.
   * @param onLost called once when the service refuses the extension: another worker may hold the
   *   message now.
   */
  hold(receiptHandle: string, onLost: (code: string) => void): () => Promise<void> {
    const held: HeldMessage = { receiptHandle, onLost, extending: Promise.resolve() };
    this.held.add(held);
    this.schedule();
    return async () => {
      this.held.delete(held);
      if (this.held.size === 0) this.cancel();
      await held.extending;
    };
  }

  private schedule(): void {
    const milliseconds = (this.visibilityTimeoutSeconds * 1000) / 3;
    this.cancelBeat ??= this.clock.after(milliseconds, () => {
      this.cancelBeat = undefined;
      this.beat();
      if (this.held.size > 0) this.schedule();
    });
  }

  private cancel(): void {
    this.cancelBeat?.();
    this.cancelBeat = undefined;
  }

  private beat(): void {
    for (const held of this.held) held.extending = this.extendOne(held);
  }

  private async extendOne(held: HeldMessage): Promise<void> {
    const { receiptHandle } = held;
    const failure = await this.extend({
      receiptHandle,
      visibilityTimeoutSeconds: this.visibilityTimeoutSeconds,
    });
    if (!failure?.senderFault || !this.held.delete(held)) return;
    held.onLost(failure.code);
  }
}
