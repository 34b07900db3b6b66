import type { Clock } from '../clock';
import {
  asFault,
  type Fault,
  Interruption,
  LeftOutFault,
  OwnFault,
  PermanentFault,
  TransientFault,
} from '../faults';
import type { OutputPlan } from '../workload/recipe';
import type { JobContext, ProcessedSource, Processor } from '../workload/workload';
import { type DeliveryFacts, JobReport } from './job-report';
import type { KeyPrefixes } from './keys';
import type { MessageEntry, SourceEntry } from './messages';
import { lookAgain, SourceChanged, SourceGone, sourceOf } from './opened-source';
import { type OutputWriter, outputWriter, type Written } from './output-writer';
import { type JobMeasures, PhaseTimes } from './phase-times';
import type { OpenedSource, OutputObjects, SourceObjects } from './ports';
import type { DeliverySamples } from './samples';

export interface JobPorts {
  readonly sources: SourceObjects;
  readonly destination: OutputObjects;
  readonly processor: Processor;
  readonly clock: Clock;
}

export interface JobSettings extends KeyPrefixes {
  readonly sourceBucket: string;
  /** The outputs of every source object. */
  readonly outputs: readonly OutputPlan[];
  readonly maxSourceBytes: number;
}

/** What every step of one job needs. */
export interface JobRun {
  readonly settings: JobSettings;
  readonly ports: JobPorts;
  readonly delivery: DeliveryFacts;
  /** Ends the job early; an {@link Interruption} as its reason says that it is not its fault. */
  readonly signal: AbortSignal;
  /** Called before each write. */
  readonly onWrite: () => void;
  /** Takes the outputs as a sample of a dataset; without it they are objects of their own. */
  readonly samples?: DeliverySamples | undefined;
}

/**
 * What became of one source object. `interrupted`: the job ended early without a fault of its own;
 * `because` says why. `isLocal`: it was ended by its surroundings and not by its worker, which
 * works on.
 */
export type SourceResult =
  | (Written & { readonly key: string } & JobMeasures)
  | { readonly outcome: 'gone'; readonly key: string }
  | { readonly outcome: 'ignored'; readonly key?: string; readonly because: string }
  | ({ readonly outcome: 'failed'; readonly key?: string; readonly fault: Fault } & JobMeasures)
  | ({
      readonly outcome: 'interrupted';
      readonly key: string;
      readonly because: string;
      readonly isLocal?: boolean;
    } & JobMeasures);

/** Times that a source may change during a job before the job is put off. */
const MAX_ROUNDS = 3;

/**
 * Does one message's work, source object after source object, and never rejects. Each source is
 * read in its current version, whatever version the event named; all outputs are written; then the
 * source is looked at again, and when it has changed meanwhile everything starts over. So the
 * outputs that stay are those of the newest source.
 */
export async function runJob(
  entries: readonly MessageEntry[],
  run: JobRun,
): Promise<readonly SourceResult[]> {
  const results: SourceResult[] = [];
  for (const entry of entries) results.push(await resultOf(entry, run));
  return results;
}

async function resultOf(entry: MessageEntry, run: JobRun): Promise<SourceResult> {
  if (entry.kind !== 'source') return withoutWork(entry);
  const { key } = entry;
  const times = new PhaseTimes(run.ports.clock);
  const report = new JobReport(key, run.delivery, run.ports.clock);
  try {
    const written = await new SourceJob(entry, run, { times, report }).run();
    return { key, ...written, ...times.measured() };
  } catch (error) {
    if (error instanceof SourceGone) return { outcome: 'gone', key };
    const isKnown = error instanceof OwnFault || !run.signal.aborted;
    const reason = isKnown ? error : run.signal.reason;
    if (reason instanceof Interruption) {
      const isLocal = !run.signal.aborted;
      return {
        ...{ outcome: 'interrupted', key, because: reason.message, ...times.measured() },
        ...(isLocal && { isLocal }),
      };
    }
    return { outcome: 'failed', key, fault: asFault(reason), ...times.measured() };
  } finally {
    report.end();
  }
}

/** The result of an entry that asks for no work. */
export function withoutWork({
  kind,
  ...rest
}: Exclude<MessageEntry, { kind: 'source' }>): SourceResult {
  return 'fault' in rest ? { ...rest, outcome: 'failed' } : { ...rest, outcome: 'ignored' };
}

/** The work for one source object. */
class SourceJob {
  private readonly key: string;
  private readonly outputs: OutputWriter;
  private readonly times: PhaseTimes;
  private readonly context: JobContext;

  constructor(
    entry: SourceEntry,
    private readonly job: JobRun,
    { times, report }: { readonly times: PhaseTimes; readonly report: JobReport },
  ) {
    this.key = entry.key;
    this.times = times;
    this.context = report.context(job.signal);
    this.outputs = outputWriter(entry, job);
  }

  async run(): Promise<Written> {
    const { signal } = this.job;
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      try {
        return await this.round();
      } catch (error) {
        if (!(error instanceof SourceChanged) || signal.aborted) throw error;
      }
    }
    throw new TransientFault(
      'SourceKeepsChanging',
      `The source changed ${MAX_ROUNDS} times during the job; it is tried again later.`,
    );
  }

  /** @throws SourceChanged when another version is current at its end. */
  private async round(): Promise<Written> {
    const { ports, signal } = this.job;
    const opened = await this.times.open(() => ports.sources.open(this.key, signal));
    if (opened === undefined) throw new SourceGone();
    const written = await this.processVersion(opened).finally(() => opened.discard());
    if (this.outputs.replaces) await lookAgain(this.key, opened, this.job);
    return written;
  }

  private async processVersion(opened: OpenedSource): Promise<Written> {
    const { settings, ports, signal } = this.job;
    this.times.source(opened.bytes);
    const { sourceBucket: bucket } = settings;
    const source = sourceOf({ bucket, key: this.key, opened, ...ports, signal });
    let processed: ProcessedSource;
    try {
      refuseBySize(opened.bytes, settings);
      processed = await this.times.process(() => ports.processor.process(source, this.context));
    } catch (error) {
      if (error instanceof LeftOutFault && this.outputs.leaveOut && !signal.aborted)
        return this.outputs.leaveOut(error, opened);
      throw error;
    }
    try {
      signal.throwIfAborted();
      return await this.times.write(() => this.outputs.write(processed, opened));
    } finally {
      await processed.release?.();
    }
  }
}

function refuseBySize(
  bytes: number,
  { maxSourceBytes, outputs }: Pick<JobSettings, 'maxSourceBytes' | 'outputs'>,
): void {
  if (bytes === 0)
    throw new PermanentFault(
      'EmptySource',
      'The source object has 0 bytes; upload the file again.',
    );
  if (bytes <= maxSourceBytes) return;
  throw new LeftOutFault(
    'TooManyBytes',
    `The source object has ${bytes} bytes, but at most ${maxSourceBytes} are taken; raise ` +
      'MAX_SOURCE_BYTES or send a smaller file.',
    outputs[0]?.name ?? '',
  );
}
