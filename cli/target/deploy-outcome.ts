import { DELIVERY_PARAMETERS, type DeployOutcome, NO_OUTCOME_YET } from '../../contract/delivery';
import type { Parameters } from '../../deployer/ports';
import { RefusalError } from '../terminal/failures';

/**
 * How the last delivery of a pipeline went; undefined before the first one.
 * @throws RefusalError when the parameter holds something else.
 */
export async function lastOutcome(
  parameters: Pick<Parameters, 'read'>,
  deliveryPath: string,
): Promise<DeployOutcome | undefined> {
  const name = `${deliveryPath}${DELIVERY_PARAMETERS.outcome}`;
  const { value } = await parameters.read(name);
  if (value === NO_OUTCOME_YET) return undefined;
  const outcome = parsed(value);
  if (isDeployOutcome(outcome)) return outcome;
  throw new RefusalError(
    `the parameter ${name} is neither \`${NO_OUTCOME_YET}\` nor the outcome of a delivery, ` +
      `but: ${value.slice(0, 200)}. Write \`${NO_OUTCOME_YET}\` into it; the next delivery ` +
      'writes its own.',
  );
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const RESULTS: readonly DeployOutcome['result'][] = ['promoted', 'refused', 'unchanged'];

function isDeployOutcome(value: unknown): value is DeployOutcome {
  const { result, at, revision, reason } = Object(value) as Record<string, unknown>;
  const optional = [revision, reason].every(
    (text) => text === undefined || typeof text === 'string',
  );
  return (
    RESULTS.some((known) => known === result) && !Number.isNaN(Date.parse(String(at))) && optional
  );
}
