import { fleetPlaceOf } from '../status/read-status';
import type { Target } from '../target/target';
import { type Inquiry, part, question } from './inquiry';

/** What a deploy has made so far. */
export interface Parts {
  /** Whether there is anything of it. */
  readonly isDeployed: boolean;
  readonly hasScaler: boolean;
}

/**
 * Looks for each thing that a status needs, where one of them is missing: an interrupted deploy
 * has made some of them.
 */
export async function findParts(target: Target, inquiry: Inquiry): Promise<Parts> {
  const { account, chosen } = target;
  const { queue, deadLetterQueue, scaler, parameterPath } = chosen;
  const { variables, ...others } = await inquiry.askAll({
    variables: part(`the function ${scaler}`, () => account.scaler.variables(scaler)),
    work: part(`the queue ${queue}`, () => account.queues.open(queue)),
    letters: part(`the queue ${deadLetterQueue}`, () => account.queues.open(deadLetterQueue)),
    parameters: question(`the parameters below ${parameterPath}`, () =>
      account.parameters.below(parameterPath),
    ),
  });
  // The function knows the name of the cluster.
  if (variables) {
    const { cluster, ...place } = fleetPlaceOf(target, variables);
    await inquiry.ask(
      part(`the cluster ${cluster}`, () => account.tasks.fleet({ cluster, ...place })),
    );
  }
  const { parameters, ...queues } = others;
  const hasParameters = parameters !== undefined && parameters.size > 0;
  if (parameters?.size === 0) inquiry.missing.push(`the parameters below ${parameterPath}`);
  const hasScaler = variables !== undefined;
  return { isDeployed: hasScaler || hasParameters || Object.keys(queues).length > 0, hasScaler };
}
