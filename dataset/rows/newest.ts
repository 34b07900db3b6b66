import type { ListedSource } from '../ports';
import type { Versions } from './versions';

/** Keys that a message names. */
const NAMED_KEYS = 3;

/** Which version of each key is taken. */
export interface NewestVersions {
  /** Samples, in the order in which their rows were read. */
  readonly samples: Uint32Array;
  /** Versions that a filter left out. */
  readonly leftOut: Uint32Array;
  /** Keys of deleted sources; they are among the samples only if they stay. */
  readonly deleted: number;
  /** Versions that a newer one replaces. */
  readonly superseded: number;
  /** Sources of which no row has the version that S3 lists. */
  readonly lacking: Lacking;
}

/** Keys by their number, and some of them by name. */
export interface Lacking {
  readonly count: number;
  readonly examples: readonly string[];
}

export interface NewestSettings {
  /** Samples of sources that are gone are left out. */
  readonly withoutDeleted?: boolean;
  /** Called with each source that has no row of its version. */
  readonly onLacking?: (source: ListedSource) => void;
  readonly onListed?: (sources: number) => void;
}

/**
 * Takes of each key the version that the source's listing shows. Of a source that is gone, it is
 * the one that was modified last, and of two of these the one that was read last. Rows must have
 * been read before the listing, or a new source would look deleted.
 */
export async function newestVersions(
  versions: Versions,
  listing: AsyncIterable<ListedSource>,
  { withoutDeleted = false, onLacking, onListed }: NewestSettings = {},
): Promise<NewestVersions> {
  const isListed = new Uint8Array(versions.keyCount);
  const isTaken = new Uint8Array(versions.size);
  const examples: string[] = [];
  let lacking = 0;
  let listed = 0;
  for await (const source of listing) {
    const key = versions.keyNumber(source.key);
    if (key !== undefined) isListed[key] = 1;
    const current = versions
      .versionsOf(key)
      .find((version) => versions.isOfETag(version, source.eTag));
    if (current !== undefined) isTaken[current] = 1;
    else {
      lacking += 1;
      if (examples.length < NAMED_KEYS) examples.push(source.key);
      onLacking?.(source);
    }
    listed += 1;
    onListed?.(listed);
  }
  const deleted = takeOfDeleted(versions, { isListed, isTaken, withoutDeleted });
  return { ...sorted(versions, isTaken), deleted, lacking: { count: lacking, examples } };
}

function takeOfDeleted(
  versions: Versions,
  marks: {
    readonly isListed: Uint8Array;
    readonly isTaken: Uint8Array;
    readonly withoutDeleted: boolean;
  },
): number {
  let deleted = 0;
  for (let key = 0; key < versions.keyCount; key += 1) {
    if (marks.isListed[key]) continue;
    deleted += 1;
    if (!marks.withoutDeleted) marks.isTaken[latest(versions, versions.versionsOf(key))] = 1;
  }
  return deleted;
}

function latest(versions: Versions, ofKey: readonly number[]): number {
  const times = (version: number) =>
    [versions.get('modifiedAt', version), versions.get('readAt', version)] as const;
  return ofKey.reduce((best, version) => {
    const [modified, read] = times(version);
    const [bestModified, bestRead] = times(best);
    const isLater = modified > bestModified || (modified === bestModified && read > bestRead);
    return isLater ? version : best;
  });
}

function sorted(versions: Versions, isTaken: Uint8Array) {
  const taken = Uint32Array.from({ length: isTaken.length }, (_, at) => at).filter(
    (version) => isTaken[version] === 1,
  );
  taken.sort((a, b) => versions.get('place', a) - versions.get('place', b));
  return {
    samples: taken.filter((version) => versions.get('isSample', version) === 1),
    leftOut: taken.filter((version) => versions.get('isSample', version) === 0),
    superseded: versions.size - taken.length,
  };
}
