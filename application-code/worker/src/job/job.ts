import type { Clock } from '../clock';
import { Fault, Interruption, OwnFault, PermanentFault, TransientFault } from '../faults';
import type { OutputPlan, SkippedOutput } from '../workload/recipe';
import type { JobContext, Processor } from '../workload/workload';
import { type DeliveryFacts, JobReport } from './job-report';
import type { KeyPrefixes } from './keys';
import type { MessageEntry } from './messages';
import { SourceChanged, SourceGone, sourceOf } from './opened-source';
import { type OutputWriter, outputWriter } from './output-writer';
import { type JobMeasures, PhaseTimes } from './phase-times';
import type { OpenedSource, OutputObjects, SourceObjects } from './ports';

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
}

/** Absent where nothing was skipped. */
interface Skips {
  readonly skipped?: readonly SkippedOutput[];
}

/**
 * What became of one source object. `interrupted`: the job ended early without a fault of its own;
 * `because` says why. `isLocal`: it was ended by its surroundings and not by its worker, which
 * works on.
 */
export type SourceResult =
  | ({
      readonly outcome: 'done';
      readonly key: string;
      readonly renditions: readonly string[];
    } & Skips &
      JobMeasures)
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
    const made = await new SourceJob(key, run, { times, report }).run();
    return { outcome: 'done', key, ...made, ...times.measured() };
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
  private readonly outputs: OutputWriter;
  private readonly times: PhaseTimes;
  private readonly context: JobContext;

  constructor(
    private readonly key: string,
    private readonly job: JobRun,
    { times, report }: { readonly times: PhaseTimes; readonly report: JobReport },
  ) {
    this.times = times;
    this.context = report.context(job.signal);
    this.outputs = outputWriter(key, job);
  }

  async run(): Promise<Skips & { readonly renditions: readonly string[] }> {
    const { ports, signal } = this.job;
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const opened = await this.times.open(() => ports.sources.open(this.key, signal));
      if (opened === undefined) throw new SourceGone();
      let skipped: readonly SkippedOutput[];
      try {
        skipped = await this.processVersion(opened);
      } catch (error) {
        if (error instanceof SourceChanged && !signal.aborted) continue;
        throw error;
      } finally {
        opened.discard();
      }
      const now = await ports.sources.look(this.key, signal);
      if (now === undefined) throw new SourceGone();
      if (now.eTag === opened.eTag) {
        const renditions = this.outputs.written(skipped);
        return { renditions, ...(skipped.length > 0 && { skipped }) };
      }
    }
    throw new TransientFault(
      'SourceKeepsChanging',
      `The source changed ${MAX_ROUNDS} times during the job; it is tried again later.`,
    );
  }

  private async processVersion(opened: OpenedSource): Promise<readonly SkippedOutput[]> {
    const { settings, ports, signal } = this.job;
    this.times.source(opened.bytes);
    refuseBySize(opened.bytes, settings.maxSourceBytes);
    const { sourceBucket: bucket } = settings;
    const source = sourceOf({ bucket, key: this.key, opened, ...ports, signal });
    const processed = await this.times.process(() => ports.processor.process(source, this.context));
    try {
      signal.throwIfAborted();
      await this.times.write(() => this.outputs.write(processed, opened));
      return processed.skipped ?? [];
    } finally {
      await processed.release?.();
    }
  }
}

function refuseBySize(bytes: number, maxSourceBytes: number): void {
  if (bytes === 0)
    throw new PermanentFault(
      'EmptySource',
      'The source object has 0 bytes; upload the file again.',
    );
  if (bytes <= maxSourceBytes) return;
  throw new PermanentFault(
    'TooManyBytes',
    `The source object has ${bytes} bytes, but at most ${maxSourceBytes} are taken; raise ` +
      'MAX_SOURCE_BYTES or send a smaller file.',
  );
}

/** What was not foreseen is worth trying again: another worker may not meet it. */
function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new TransientFault('Internal', text, { cause: error });
}
