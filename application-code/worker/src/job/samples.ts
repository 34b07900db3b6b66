import type { Fault, Interruption } from '../faults';
import type { JobRun } from './job';
import type { SourceEntry } from './messages';
import type { OutputWriter } from './output-writer';

/** Takes what jobs make as samples of a dataset. `parts/` implements it. */
export interface SampleCollector {
  /**
   * @param ownPart why a sample that is added now goes into a part of its own, which is closed at
   *   once; undefined where it does not.
   */
  forDelivery(ownPart: () => OwnPartReason | undefined): DeliverySamples;
  /** Closes the open part, of samples that came until now. */
  close(because: 'outage' | 'end'): void;
  /** Gives up the parts that are not written; no other will be. */
  abort(reason: Interruption): void;
}

/** `redelivery`: the message was received before. `outage`: the destination is in doubt. */
export type OwnPartReason = 'redelivery' | 'outage';

/** The samples of one delivery. Its message may be settled once their parts are written. */
export interface DeliverySamples {
  outputs(source: SourceEntry, run: JobRun): OutputWriter;
  /**
   * What they wait for: nothing, parts of their own, or a part that more samples go into, for
   * which a job's slot must be free.
   */
  readonly waitsFor: 'nothing' | 'own parts' | 'shared part';
  /** Resolves when their parts are written, or with the reason why one of them is not. */
  written(): Promise<Fault | Interruption | undefined>;
}
