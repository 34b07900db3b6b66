import type { DeliveryTarget } from '../contract/delivery';
import { TASK_DEFINITION_PARAMETER } from '../contract/parameters';
import { revisionName, revisionNumber } from './active-revisions';
import type { Surroundings } from './surroundings';

/**
 * Deregisters what is too old to go back to. The promoted revision stays, however old a rollback
 * made it, and so does what is newer, which may be another deployer's candidate.
 * @returns how many.
 */
export async function prune(
  { taskDefinitions, parameters }: Pick<Surroundings, 'taskDefinitions' | 'parameters'>,
  { taskFamily, parameterPath }: DeliveryTarget,
  kept: number,
): Promise<number> {
  const arns = await taskDefinitions.list(taskFamily);
  const { value } = await parameters.read(`${parameterPath}${TASK_DEFINITION_PARAMETER}`);
  const promoted = revisionName(value);
  const newestFirst = [...arns].sort((a, b) => revisionNumber(b) - revisionNumber(a));
  const others = newestFirst.filter((arn) => revisionName(arn) !== promoted);
  const old = others.slice(kept).filter((arn) => revisionNumber(arn) < revisionNumber(promoted));
  for (const arn of old) await taskDefinitions.deregister(arn);
  return old.length;
}
