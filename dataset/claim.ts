import * as z from 'zod/mini';
import { DatasetError } from './faults';
import type { PlannedShard } from './plan/plan';
import type { DatasetStore } from './ports';
import type { Versions } from './rows/versions';
import { sha256Of } from './shards/checksum';
import { generationKeys } from './shards/names';

/** Tries of a finish to find a generation that no other plan has taken. */
const MOST_CLAIMS = 1000;

const claim = z.object({
  spillway: z.literal('plan'),
  /** Hash of all that the shards follow from. */
  plan: z.string(),
  shards: z.number(),
  startedAt: z.string(),
});

/** The first object of a generation. It says which shards will be there. */
export type Claim = Readonly<z.infer<typeof claim>>;

export function parseClaim(text: string): Claim | undefined {
  try {
    return z.parse(claim, JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Takes the first generation after the last one that no other plan has taken. A plan that was
 * begun before is continued in its own; so two runs write the same object only if both write the
 * same bytes.
 */
export async function claimGeneration(
  { store, prefix }: { readonly store: DatasetStore; readonly prefix: string },
  last: number,
  wanted: Claim,
): Promise<number> {
  const text = `${JSON.stringify(wanted)}\n`;
  for (let generation = last + 1; generation <= last + MOST_CLAIMS; generation += 1) {
    const key = `${prefix}${generationKeys(generation).plan}`;
    if (await store.create(key, bodyOf(text))) return generation;
    const there = await store.text(key);
    if (there && parseClaim(there.text)?.plan === wanted.plan) return generation;
  }
  throw new DatasetError(
    `${MOST_CLAIMS} generations after ${last} were begun and never finished: delete what lies in ` +
      'their folders (`spillway dataset status` names them).',
  );
}

export async function* bodyOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/**
 * Hash of a plan: of each sample in its order, the tar that it is copied from, and what else
 * decides about a byte of a shard.
 */
export function planHash(
  shards: readonly PlannedShard[],
  { versions, tars }: { readonly versions: Versions; readonly tars: readonly string[] },
  settings: unknown,
): string {
  const tarNames = JSON.stringify(tars);
  const ofShards = shards.map(({ split, number, versions: samples }) => {
    const lines = Array.from(
      samples,
      (version) => `${versions.identity(version)} ${versions.get('tar', version)}`,
    );
    return `${split} ${number} ${sha256Of(lines.join('\n'))}`;
  });
  return sha256Of([JSON.stringify(settings), tarNames, ...ofShards].join('\n'));
}
