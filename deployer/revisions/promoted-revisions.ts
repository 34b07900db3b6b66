import type { DeliveryTarget } from '../../contract/delivery';
import { TASK_DEFINITION_PARAMETER } from '../../contract/parameters';
import type { DeployPorts, Parameters } from '../ports';
import { revisionName, revisionNumber } from './active-revisions';

/**
 * Values of a parameter that Parameter Store keeps:
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html
 */
export const KEPT_VALUES = 100;

/**
 * Every `family:revision` that has been promoted, the one of now among them, as far back as
 * Parameter Store remembers. A revision that is active and not among them is one whose canary runs,
 * or that an interrupted delivery left.
 */
export async function promotedRevisions(
  parameters: Pick<Parameters, 'history'>,
  parameterPath: string,
): Promise<ReadonlySet<string>> {
  const versions = await parameters.history(`${parameterPath}${TASK_DEFINITION_PARAMETER}`);
  return new Set(versions.map(({ value }) => revisionName(value)));
}

/**
 * Deregisters revisions that are too old for a rollback. The promoted revision stays, even when a
 * rollback made it an old one. Newer ones stay, since they may be another deployer's candidates.
 * @returns the number of deregistered revisions.
 */
export async function prune(
  { taskDefinitions, parameters }: Pick<DeployPorts, 'taskDefinitions' | 'parameters'>,
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
