import type { JobRun } from '../job/job';
import type { SourceEntry } from '../job/messages';
import type { OutputWriter } from '../job/output-writer';
import type { DeliverySamples } from '../job/samples';
import type { Part, PartFailure } from './part';
import { SampleOutputs } from './sample-outputs';

/** Has a part take a sample. */
type Put = (
  take: (part: Part) => Promise<void>,
  signal: AbortSignal,
) => Promise<{ readonly part: Part; readonly isShared: boolean }>;

/** The samples of one delivery, and the parts that have them. */
export class PartSamples implements DeliverySamples {
  private readonly parts = new Set<Part>();
  private sharesPart = false;

  constructor(
    private readonly label: string,
    private readonly put: Put,
  ) {}

  get waitsFor(): DeliverySamples['waitsFor'] {
    if (this.parts.size === 0) return 'nothing';
    return this.sharesPart ? 'shared part' : 'own parts';
  }

  outputs(source: SourceEntry, run: JobRun): OutputWriter {
    return new SampleOutputs(source, run, {
      label: this.label,
      add: (sample, signal) => this.take((part) => part.add(sample), signal),
      leaveOut: (row, signal) => this.take((part) => part.leaveOut(row), signal),
    });
  }

  async written(): Promise<PartFailure> {
    const ends = await Promise.all([...this.parts].map(({ end }) => end));
    return ends.find((failure) => failure !== undefined);
  }

  private async take(into: (part: Part) => Promise<void>, signal: AbortSignal): Promise<void> {
    const { part, isShared } = await this.put(into, signal);
    this.parts.add(part);
    this.sharesPart ||= isShared;
  }
}
