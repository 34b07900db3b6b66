import type { DatasetFile } from './dataset-file';
import { finishDataset } from './finish';
import type { DatasetPorts, ListedSource } from './ports';
import { removeParts } from './remove-parts';
import type { DatasetRequest, FinishRequest } from './request';
import { verifyDataset } from './verify';

/** Problems that a line has; it must fit into an event of a log. */
const TOLD_PROBLEMS = 50;

export interface DatasetPlace {
  readonly prefix: string;
  readonly source: { readonly bucket: string; readonly prefix: string };
}

export interface FinishedLine {
  readonly event: 'dataset-finished';
  /** Of dataset.json, below the destination prefix. */
  readonly generation: number;
  /** False if the last generation had all of it. */
  readonly isNew: boolean;
  readonly shards: number;
  readonly shardsWritten: number;
  readonly bytes: number;
  readonly classes: number;
  readonly counts: Omit<DatasetFile['counts'], 'byClass'>;
  readonly lackingExamples: readonly string[];
  readonly withoutPictureHash: number;
  readonly partsRemoved?: number;
}

export interface VerifiedLine {
  readonly event: 'dataset-verified';
  readonly generation: number;
  readonly shards: number;
  readonly samples: number;
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly string[];
}

/** The last line of a run. */
export type ResultLine = FinishedLine | VerifiedLine;

/** What a run needs beyond its ports. */
export interface RunSettings {
  readonly place: DatasetPlace;
  readonly now: () => number;
  readonly onLacking?: (source: ListedSource) => void;
}

/**
 * Does what a request asks for, in a task as on an operator's machine.
 * @throws DatasetError which says what to do.
 */
export async function runRequest(
  ports: DatasetPorts,
  request: DatasetRequest,
  settings: RunSettings,
): Promise<ResultLine> {
  if (request.action === 'finish') return finish(ports, request, settings);
  return verify(ports, settings.place);
}

/** @throws NoSamplesError when there is no dataset. */
export async function verify(
  ports: Pick<DatasetPorts, 'store' | 'progress'>,
  place: Pick<DatasetPlace, 'prefix'>,
): Promise<VerifiedLine> {
  const { dataset, ...verified } = await verifyDataset(ports, place);
  return {
    event: 'dataset-verified',
    generation: dataset.generation,
    shards: dataset.shards.length,
    ...verified,
    problems: verified.problems.slice(0, TOLD_PROBLEMS),
  };
}

async function finish(
  ports: DatasetPorts,
  { action: _action, removeParts: removes, ...options }: FinishRequest,
  { place, now, onLacking }: RunSettings,
): Promise<FinishedLine> {
  const { dataset, lacking, ...done } = await finishDataset(ports, {
    ...options,
    ...place,
    now,
    ...(onLacking && { onLacking }),
  });
  const partsRemoved = removes ? await removeParts(ports, place) : undefined;
  const { byClass: _byClass, ...counts } = dataset.counts;
  return {
    event: 'dataset-finished',
    generation: dataset.generation,
    shards: dataset.shards.length,
    bytes: dataset.shards.reduce((sum, { bytes }) => sum + bytes, 0),
    classes: Object.keys(dataset.classes).length,
    counts: { ...counts, lacking: lacking.count },
    lackingExamples: lacking.examples,
    ...done,
    ...(partsRemoved !== undefined && { partsRemoved }),
  };
}
