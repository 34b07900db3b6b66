import { RECIPE_HASH, recipeHash } from '../../application-code/worker/src/job/recipe-hash';
import type { OutputPlan } from '../../application-code/worker/src/workload/recipe';
import {
  parseRecipeRecord,
  RECIPE_PARAMETER,
  type RecipeRecord,
  TASK_DEFINITION_PARAMETER,
} from '../../contract/parameters';
import type { ParameterVersion } from '../../deployer/ports';
import type { DeployedWorker } from './deployed-worker';
import type { Target } from './target';

/** Since when the settings of one output hold; milliseconds since the epoch. */
export interface OutputTerm {
  readonly hash: string;
  /** Outputs from before were made by other settings. */
  readonly since: number;
  /** Until then earlier tasks may have written as well. */
  readonly mixedUntil: number;
}

/** The terms of a recipe's outputs, by their names. */
export type RecipeTerms = ReadonlyMap<string, OutputTerm>;

/** An object that is there; its metadata where it was asked for. */
interface DatedObject {
  readonly modifiedAt: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Time in which the last earlier task may start and in which it ends: a run of the scaler, the pull
 * of an image, a drain of 120 seconds at most.
 */
const START_AND_DRAIN_MILLISECONDS = 15 * 60_000;
/** S3 dates objects by whole seconds. */
const SECOND = 1_000;

/** Whether an output was made by the settings that hold; `ask`: its metadata says so. */
export function ageOf(
  { modifiedAt, metadata }: DatedObject,
  { hash, since, mixedUntil }: OutputTerm,
): 'older' | 'ask' | 'in-force' {
  if (modifiedAt < since) return 'older';
  if (modifiedAt > mixedUntil) return 'in-force';
  if (!metadata) return 'ask';
  return metadata[RECIPE_HASH] === hash ? 'in-force' : 'older';
}

interface Promotion {
  readonly outputs: readonly OutputPlan[];
  readonly longestTaskSeconds: number;
  /** When the parameter `task-definition` was written last. */
  readonly at: number;
}

/**
 * Since when each output's settings hold, by the versions of the parameter `recipe`, newest
 * first. What no version precedes has always held; what the newest one does not know was promoted
 * without a record, and holds since then.
 */
export function termsOf(versions: readonly ParameterVersion[], promoted: Promotion): RecipeTerms {
  const records = versions.flatMap(({ value, modifiedAt }) => {
    const record = parseRecipeRecord(value);
    return record ? [{ ...record, modifiedAt }] : [];
  });
  return new Map(
    promoted.outputs.map((plan) => {
      const hash = recipeHash(plan);
      return [plan.name, { hash, ...termOf(hash, records, promoted) }];
    }),
  );
}

type DatedRecord = RecipeRecord & Pick<ParameterVersion, 'modifiedAt'>;

function termOf(
  hash: string,
  records: readonly DatedRecord[],
  { at, longestTaskSeconds }: Promotion,
): Omit<OutputTerm, 'hash'> {
  const held = records.findIndex(({ renditions }) => !renditions.includes(hash));
  if (held < 0) return { since: Number.NEGATIVE_INFINITY, mixedUntil: Number.NEGATIVE_INFINITY };
  const since = Math.floor((records[held - 1]?.modifiedAt ?? at) / SECOND) * SECOND;
  const lives = [longestTaskSeconds, records[held]?.longestTaskSeconds ?? 0];
  return { since, mixedUntil: since + Math.max(...lives) * SECOND + START_AND_DRAIN_MILLISECONDS };
}

/** @throws Error that names the parameter when these stacks have none, or it may not be read. */
export async function recipeInForce(
  { account: { parameters }, chosen: { parameterPath } }: Target,
  { outputs, longestTaskSeconds }: DeployedWorker,
): Promise<RecipeTerms> {
  const [versions, [promotion]] = await Promise.all([
    parameters.history(`${parameterPath}${RECIPE_PARAMETER}`),
    parameters.history(`${parameterPath}${TASK_DEFINITION_PARAMETER}`),
  ]);
  return termsOf(versions, { outputs, longestTaskSeconds, at: promotion?.modifiedAt ?? 0 });
}

/** Errors of SSM where the stacks, or the credentials, are older than the record. */
const NO_RECORD = new Set(['ParameterNotFound', 'AccessDeniedException']);

/**
 * As {@link recipeInForce}, for commands that can do without it: undefined where it is unknown.
 */
export async function knownTerms(
  target: Target,
  worker: DeployedWorker,
): Promise<RecipeTerms | undefined> {
  try {
    return await recipeInForce(target, worker);
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (NO_RECORD.has(String(Object(cause).name))) return undefined;
    throw error;
  }
}
