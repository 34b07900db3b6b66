import { labelByPattern, unmatchedSentence } from '../../application-code/worker/src/parts/label';
import type { DestinationSettings } from '../../contract/destination';
import { LocalModeError } from '../../folder/errors';
import { unmatched } from '../../folder/unmatched';

/** @throws LocalModeError when the pattern of a run's labels matches none of its files. */
export async function checkLabel(folder: string, destination: DestinationSettings): Promise<void> {
  if (destination.kind === 'objects' || typeof destination.label === 'string') return;
  const { pattern } = destination.label;
  const tried = await unmatched(folder, (path) => labelByPattern(pattern, path) !== undefined);
  if (tried) throw new LocalModeError(`${unmatchedSentence(pattern, tried)}.`);
}
