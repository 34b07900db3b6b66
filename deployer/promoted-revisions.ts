import { TASK_DEFINITION_PARAMETER } from '../contract/parameters';
import { revisionName } from './active-revisions';
import type { Parameters } from './ports';

/**
 * Parameter Store keeps so many:
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html
 */
export const KEPT_VALUES = 100;

/**
 * Every `family:revision` that has been promoted, the one of now among them, as far back as
 * Parameter Store remembers. A revision that is active and not among them is one whose canary runs,
 * or that a delivery has left when it was broken off.
 */
export async function promotedRevisions(
  parameters: Pick<Parameters, 'history'>,
  parameterPath: string,
): Promise<ReadonlySet<string>> {
  const versions = await parameters.history(`${parameterPath}${TASK_DEFINITION_PARAMETER}`);
  return new Set(versions.map(({ value }) => revisionName(value)));
}
