import { END_OF_ARCHIVE } from '../../application-code/worker/src/parts/tar';
import type { PlacedSample } from '../plan/layout';
import type { DatasetStore } from '../ports';
import { fetchedAhead } from './ahead';

const MIB = 1024 * 1024;
/** Neighbours are read by one request up to this size; a larger sample by several. */
const READ_BYTES = 8 * MIB;
/** Shuffled samples are small reads: 32 at a time keep a line of 20 ms busy. */
const AHEAD = { count: 32, bytes: 64 * MIB };

/** One request, and what becomes of it: a number of its bytes, or bytes that are appended. */
interface Read {
  readonly tar: number;
  readonly offset: number;
  length: number;
  readonly pieces: (number | Uint8Array)[];
}

/**
 * The content of a shard: the records of its samples as they are in their tars, with what is
 * appended to each. Holds at most 64 MiB.
 * @param tars - keys of the tars, by their numbers.
 */
export async function* shardBody(
  store: DatasetStore,
  samples: readonly PlacedSample[],
  tars: readonly string[],
): AsyncGenerator<Uint8Array> {
  const fetch = ({ tar, offset, length }: Read) => store.range(tars[tar] ?? '', offset, length);
  for await (const [{ pieces }, bytes] of fetchedAhead(readsOf(samples), fetch, AHEAD)) {
    let at = 0;
    for (const piece of pieces) {
      if (typeof piece !== 'number') yield piece;
      else {
        yield bytes.subarray(at, at + piece);
        at += piece;
      }
    }
  }
  yield END_OF_ARCHIVE;
}

/** As few requests as have neighbours together and stay small. */
function readsOf(samples: readonly PlacedSample[]): readonly Read[] {
  const reads: Read[] = [];
  for (const { from, appended } of samples) {
    for (let done = 0; done < from.length; done += READ_BYTES)
      addRange(reads, {
        tar: from.tar,
        offset: from.offset + done,
        length: Math.min(READ_BYTES, from.length - done),
      });
    if (appended.length > 0) reads.at(-1)?.pieces.push(appended);
  }
  return reads;
}

function addRange(reads: Read[], { tar, offset, length }: Omit<Read, 'pieces'>): void {
  const last = reads.at(-1);
  const isNeighbour = last?.tar === tar && last.offset + last.length === offset;
  if (last && isNeighbour && last.length + length <= READ_BYTES) {
    last.length += length;
    last.pieces.push(length);
  } else reads.push({ tar, offset, length, pieces: [length] });
}
