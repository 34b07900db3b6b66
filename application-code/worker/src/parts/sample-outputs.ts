import { type LeftOutFault, PermanentFault } from '../faults';
import type { JobRun } from '../job/job';
import type { SourceEntry } from '../job/messages';
import type { OutputWriter, Written } from '../job/output-writer';
import { refuseIncomplete } from '../job/planned-outputs';
import type { SourceVersion } from '../job/ports';
import type { Output, ProcessedSource } from '../workload/workload';
import { labelByFolder, labelByPattern } from './label';
import type { LeftOutRow } from './part-index';
import { fileExtension } from './sample-files';
import { type NewSample, type ReadSource, sampleOf, sourceFacts } from './sample-records';

/** Where samples go. Both reject with the signal's reason when that is aborted meanwhile. */
export interface SampleSink {
  /** Where the label comes from: `folder`, `none` or a pattern. */
  readonly label: string;
  add(sample: NewSample, signal: AbortSignal): Promise<void>;
  leaveOut(row: LeftOutRow, signal: AbortSignal): Promise<void>;
}

/** The outputs of one source as a sample. */
export class SampleOutputs implements OutputWriter {
  /** A newer version has an event, and so a sample, of its own. */
  readonly replaces = false;
  private readonly path: string;
  private readonly label: string | undefined;

  constructor(
    private readonly entry: SourceEntry,
    private readonly run: JobRun,
    private readonly sink: SampleSink,
  ) {
    this.path = entry.key.slice(run.settings.sourcePrefix.length);
    this.label = labelOf(this.path, sink.label);
  }

  async write(
    { outputs, skipped = [], columns }: ProcessedSource,
    version: SourceVersion,
  ): Promise<Written> {
    const plans = this.run.settings.outputs;
    refuseIncomplete(plans, outputs, skipped);
    const [first] = skipped;
    if (outputs.length === 0 && first)
      return this.leftOut({ output: first.name, because: first.because }, version);
    const made = plans.flatMap(({ name }) => outputs.filter((output) => output.name === name));
    const files = made.map((output) => this.fileOf(output));
    const sample = await sampleOf(this.read(version), files, columns);
    await this.sink.add(sample, this.run.signal);
    return {
      ...{ outcome: 'done', sample: sample.row.sample },
      ...(skipped.length > 0 && { skipped }),
    };
  }

  leaveOut({ output, message: because }: LeftOutFault, version: SourceVersion): Promise<Written> {
    return this.leftOut({ output, because }, version);
  }

  private async leftOut(leftOut: LeftOutRow['leftOut'], version: SourceVersion): Promise<Written> {
    await this.sink.leaveOut({ ...sourceFacts(this.read(version)), leftOut }, this.run.signal);
    return { outcome: 'left-out', because: leftOut.because };
  }

  private read(version: SourceVersion): ReadSource {
    const { entry, path, label } = this;
    return { entry, path, version, label, readAt: new Date(this.run.ports.clock.now()) };
  }

  private fileOf(output: Output) {
    const extension = fileExtension(output, this.run.settings.outputs, this.path);
    return { extension, body: output.body };
  }
}

/** @throws PermanentFault `NoLabel` when a pattern finds none in the path. */
function labelOf(path: string, label: string): string | undefined {
  if (label === 'none') return undefined;
  if (label === 'folder') return labelByFolder(path);
  const found = labelByPattern(label, path);
  if (found !== undefined) return found;
  throw new PermanentFault(
    'NoLabel',
    `Expected a label in ${JSON.stringify(path)}, the key below the source prefix, but the ` +
      `pattern ${label} finds none; move the file to where it does, or change the pattern.`,
  );
}
