import type { Clock } from '../clock';
import { asFault, type Fault, Interruption, TransientFault } from '../faults';
import type { DeliverySamples, OwnPartReason, SampleCollector } from '../job/samples';
import type { Log } from '../log';
import type { PartEnd, PartLine } from '../log-lines';
import type { Tally } from '../tally';
import { Part, type PartFailure, type PartLimits } from './part';
import { partName } from './part-keys';
import { PartSamples } from './part-samples';
import { type PartDestination, writePart } from './part-writer';
import type { PartFiles } from './ports';

export interface PartsOptions extends PartDestination {
  readonly files: PartFiles;
  readonly limits: PartLimits & {
    /** From the first sample of a part. */
    readonly seconds: number;
  };
  /** Where labels come from: `folder`, `none` or a pattern. */
  readonly label: string;
  /** Tells the parts of this worker from those of all others: letters and digits. */
  readonly worker: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly tally: Tally;
}

/** A part that takes longer to write has failed: the largest one needs 7 MiB a second. */
const WRITE_SECONDS = 300;

/** Parts that are closed and not yet written, of which the open one waits to be closed itself. */
const MOST_CLOSED = 2;

/**
 * The parts of one worker. Samples of many deliveries share the open one. It is closed when a limit
 * is reached, and written while the next one fills. Where writing is slower than the jobs, these
 * wait: no more samples are held than two parts have.
 *
 * A delivery that may not share its fate with others has a part of its own, closed at once: one
 * whose message was received before, since it may be what ended its worker, and any while the
 * destination is in doubt.
 */
export class Parts implements SampleCollector {
  private open: Part | undefined;
  private opened = 0;
  private cancelTimer: () => void = () => undefined;
  private readonly closing = new Map<Part, Promise<void>>();
  private readonly shared = new Set<Part>();
  private readonly aborting = new AbortController();

  constructor(private readonly options: PartsOptions) {}

  forDelivery(ownPart: () => OwnPartReason | undefined): DeliverySamples {
    const put = (take: (part: Part) => Promise<void>, signal: AbortSignal) =>
      this.put(take, ownPart, signal);
    return new PartSamples(this.options.label, put);
  }

  close(because: 'outage' | 'end'): void {
    if (this.open) this.closePart(this.open, because);
  }

  abort(reason: Interruption): void {
    this.aborting.abort(reason);
  }

  /** Has the right part take a sample, and closes it if it was the last. */
  private async put(
    take: (part: Part) => Promise<void>,
    ownPart: () => OwnPartReason | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly part: Part; readonly isShared: boolean }> {
    while (!ownPart() && !this.open && this.shared.size >= MOST_CLOSED) await this.room(signal);
    signal.throwIfAborted();
    const because = ownPart();
    const part = because ? this.newPart() : this.openPart();
    const taken = take(part);
    const end = because ?? part.full;
    if (end) this.closePart(part, end);
    await taken;
    return { part, isShared: because === undefined };
  }

  private async room(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const over = new AbortController();
    await Promise.race([...this.closing.values(), aborted(signal, over.signal)]);
    over.abort();
  }

  private openPart(): Part {
    if (this.open) return this.open;
    const part = this.newPart();
    const { clock, limits } = this.options;
    this.cancelTimer = clock.after(limits.seconds * 1000, () => this.closePart(part, 'seconds'));
    this.shared.add(part);
    this.open = part;
    return part;
  }

  private newPart(): Part {
    const { clock, worker, files, limits } = this.options;
    this.opened += 1;
    const openedAt = new Date(clock.now());
    return new Part(partName({ openedAt, worker, number: this.opened }), files, limits);
  }

  private closePart(part: Part, because: PartEnd): void {
    if (part === this.open) {
      this.open = undefined;
      this.cancelTimer();
    }
    const closing = this.write(part, because).then((failure) => {
      this.closing.delete(part);
      this.shared.delete(part);
      part.settle(failure);
    });
    this.closing.set(part, closing);
  }

  /** Never rejects. */
  private async write(part: Part, because: PartEnd): Promise<PartFailure> {
    const { clock, log, tally } = this.options;
    const startedAt = clock.now();
    const late = new AbortController();
    const over = new AbortController();
    const cancel = clock.after(WRITE_SECONDS * 1000, () => late.abort(lateFault(part)));
    const signal = AbortSignal.any([late.signal, this.aborting.signal]);
    try {
      const bytes = await Promise.race([
        this.writeWhole(part, signal),
        rejection(signal, over.signal),
      ]);
      if (bytes === undefined) return undefined;
      tally.partWritten();
      const counts = { samples: part.samples.length, leftOut: part.leftOut.length };
      const milliseconds = clock.now() - startedAt;
      const line: PartLine = {
        ...{ event: 'part', part: part.name, ...counts, bytes, because, milliseconds },
      };
      log('info', line);
      return undefined;
    } catch (error) {
      return this.failed(part, error);
    } finally {
      cancel();
      over.abort();
      await part.remove().catch((error) => {
        log('warn', { event: 'part-file-left', part: part.name, error });
      });
    }
  }

  /** Returns the bytes of the tar, or undefined where there is nothing to write. */
  private async writeWhole(part: Part, signal: AbortSignal): Promise<number | undefined> {
    const finished = await part.finish();
    if (finished) await writePart(part, finished, { ...this.options, signal });
    return finished?.bytes;
  }

  private failed({ name: part, samples }: Part, error: unknown): Fault | Interruption {
    const failure = error instanceof Interruption ? error : asFault(error);
    const faultCode = failure instanceof Interruption ? undefined : failure.code;
    this.options.log('warn', {
      ...{ event: 'part-failed', part, samples: samples.length },
      ...{ faultCode, faultMessage: failure.message },
    });
    return failure;
  }
}

function lateFault({ name }: Part): TransientFault {
  return new TransientFault(
    'DestinationUnavailable',
    `Writing the part ${name} took more than ${WRITE_SECONDS} seconds; it is tried again later.`,
  );
}

/** @param over ends the wait, so that a signal that lives on keeps nothing of it. */
function aborted(signal: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true, signal: over });
  });
}

/** What is under way may not hear of it. */
async function rejection(signal: AbortSignal, over: AbortSignal): Promise<never> {
  if (!signal.aborted) await aborted(signal, over);
  throw signal.reason;
}
