import { NONE, type Versions } from '../rows/versions';
import { fileName, shardName } from '../shards/names';
import { shuffled } from './shuffle';
import { type SplitRule, splitUp } from './splits';

/** A shard of the last generation. */
export interface FormerShard {
  readonly key: string;
  readonly split: string;
  readonly samples: number;
}

export interface PlanSettings {
  readonly samplesPerShard: number;
  readonly splits: SplitRule;
  /** Shuffles all samples; without it former samples keep their order, and new ones follow. */
  readonly seed?: string;
  /** In the order of the positions that their samples have. */
  readonly former: readonly FormerShard[];
}

/** A shard of the new generation. */
export interface PlannedShard {
  readonly split: string;
  /** From zero in each split. */
  readonly number: number;
  /** Its samples in their order. */
  readonly versions: Uint32Array;
  /** The shard of the last generation with this name and these samples: it is taken as it is. */
  readonly same?: FormerShard;
}

/** Puts samples into even shards: each has `samplesPerShard` of them, but the last of a split. */
export function planShards(
  samples: Uint32Array,
  versions: Versions,
  { samplesPerShard, splits, seed, former }: PlanSettings,
): readonly PlannedShard[] {
  const placed = placedShards(former);
  const byName = new Map(placed.map((shard) => [fileName(shard.key), shard]));
  return splitUp(samples, versions, splits).flatMap((ofSplit, at) => {
    const split = splits.splits[at]?.name ?? '';
    const ordered =
      seed === undefined
        ? continued(
            ofSplit,
            versions,
            placed.filter((shard) => shard.split === split),
          )
        : shuffled(ofSplit, versions, seed);
    return cut(ordered, samplesPerShard).map((ofShard, number) => {
      const same = byName.get(shardName(split, number));
      const isSame = same && holds(same, ofShard, versions);
      return { split, number, versions: ofShard, ...(isSame && { same }) };
    });
  });
}

/** A former shard with the position of its first sample. */
interface PlacedShard extends FormerShard {
  readonly start: number;
}

function placedShards(former: readonly FormerShard[]): readonly PlacedShard[] {
  let end = 0;
  return former.map((shard) => {
    const start = end;
    end += shard.samples;
    return { ...shard, start };
  });
}

/** Whether a former shard has exactly these samples in this order. */
function holds(shard: PlacedShard, samples: Uint32Array, versions: Versions): boolean {
  return (
    shard.samples === samples.length &&
    samples.every((version, at) => versions.get('position', version) === shard.start + at)
  );
}

/**
 * The order of the last generation: a newer version takes the place of the older one, new samples
 * fill places that are free and then follow, and samples from the end fill what is still free. So
 * most shards stay as they are.
 */
function continued(
  samples: Uint32Array,
  versions: Versions,
  former: readonly PlacedShard[],
): Uint32Array {
  const start = former[0]?.start ?? 0;
  const places = former.reduce((sum, shard) => sum + shard.samples, 0);
  const order = new Uint32Array(Math.max(places, samples.length)).fill(NONE);
  const isNew = (version: number) => {
    const place = formerPosition(versions, version) - start;
    if (!(place >= 0 && place < places)) return true;
    order[place] = version;
    return false;
  };
  const fresh = samples.filter(isNew).values();
  let end = places;
  for (let place = 0; place < samples.length; place += 1) {
    if (order[place] !== NONE) continue;
    order[place] = fresh.next().value ?? takeLast();
  }
  return order.subarray(0, samples.length);

  function takeLast(): number {
    do end -= 1;
    while (order[end] === NONE);
    return order[end] ?? NONE;
  }
}

/** Position of a sample, or of the version that it replaces. */
function formerPosition(versions: Versions, version: number): number {
  const own = versions.get('position', version);
  if (own !== NONE) return own;
  const others = versions.versionsOf(versions.get('key', version));
  const replaced = others.find((other) => versions.get('position', other) !== NONE);
  return replaced === undefined ? NONE : versions.get('position', replaced);
}

function cut(samples: Uint32Array, each: number): Uint32Array[] {
  return Array.from({ length: Math.ceil(samples.length / each) }, (_, at) =>
    samples.subarray(at * each, (at + 1) * each),
  );
}
