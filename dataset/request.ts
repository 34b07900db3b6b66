import * as z from 'zod/mini';
import { MOST_DUPLICATE_BITS } from './rows/near-duplicates';

/** Most samples of a shard: all of its rows are in memory while it is written. */
export const MOST_SAMPLES = 100_000;

const finishRequest = z.object({
  action: z.literal('finish'),
  samplesPerShard: z.int().check(z.minimum(1), z.maximum(MOST_SAMPLES)),
  seed: z.exactOptional(z.string()),
  splits: z.exactOptional(
    z.object({
      by: z.enum(['hash', 'ratio']),
      splits: z.array(z.object({ name: z.string(), share: z.number() })),
    }),
  ),
  withoutDeleted: z.exactOptional(z.boolean()),
  nearDuplicates: z.exactOptional(z.int().check(z.nonnegative(), z.maximum(MOST_DUPLICATE_BITS))),
  recipe: z.exactOptional(z.string()),
  removeParts: z.exactOptional(z.boolean()),
});

const request = z.discriminatedUnion('action', [
  finishRequest,
  z.object({ action: z.literal('verify') }),
]);

export type FinishRequest = Readonly<z.infer<typeof finishRequest>>;

/** What a run is asked to do; the argument of a task, as JSON. */
export type DatasetRequest = Readonly<z.infer<typeof request>>;

/** Endings of keys that raise an event; empty: every key does. A task is told beside a request. */
export interface SourceRule {
  readonly suffixes: readonly string[];
}

const argument = z.object({ request, suffixes: z.array(z.string()) });

export type TaskArgument = { readonly request: DatasetRequest } & SourceRule;

/** The argument of a task was not written by the command of the same version. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

/** @throws RequestError */
export function parseArgument(text: string | undefined): TaskArgument {
  try {
    return z.parse(argument, JSON.parse(text ?? ''));
  } catch (error) {
    throw new RequestError(
      'The argument after --dataset must be a request as `spillway dataset` of the same version ' +
        `writes it, but ${text ?? 'nothing'} was given. ${(error as Error).message}`,
    );
  }
}
