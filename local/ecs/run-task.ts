import { DescribeClustersCommand, type ECSClient } from '@aws-sdk/client-ecs';
import type { CapacityProvider } from '../ports';
import { type AwsRequest, type AwsResponse, errorResponse, withBody } from './aws-http';
import { type Fleet, placeTasks, type StrategyItem } from './fleet';
import { overlayTask, type WireTask } from './overlay';

/** Tasks of one call: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html */
const MAX_COUNT = 10;

interface RunTaskInput {
  readonly cluster?: string;
  readonly count?: number;
  readonly clientToken?: string;
  readonly launchType?: string;
  readonly capacityProviderStrategy?: readonly StrategyItem[];
}

interface RunTaskOptions {
  readonly fleet: Fleet;
  readonly ecs: ECSClient;
  readonly send: (request: AwsRequest) => Promise<AwsResponse>;
}

/** RunTask with the rules that the emulator lacks. Enters each launched task into the fleet. */
export function createRunTask({
  fleet,
  ecs,
  send,
}: RunTaskOptions): (request: AwsRequest) => Promise<AwsResponse> {
  const tokens = new ClientTokens();
  return async (request) => {
    const input = JSON.parse(request.body.toString() || '{}') as RunTaskInput;
    const { clientToken, count = 1, ...rest } = input;
    if (count < 1 || count > MAX_COUNT) {
      return errorResponse(
        'InvalidParameterException',
        `count must be from 1 to ${MAX_COUNT}, but ${count} was given.`,
      );
    }
    const cluster = clusterName(input.cluster);
    const token = clientToken && `${cluster} ${clientToken}`;
    return tokens.once(token, JSON.stringify({ count, ...rest }), async () => {
      const strategy = await strategyOf(ecs, input, cluster);
      const answer = await send(request);
      if (answer.status !== 200) return answer;
      const body = JSON.parse(answer.body.toString()) as { readonly tasks?: readonly WireTask[] };
      const { tasks = [] } = body;
      // No await between counting the fleet and entering tasks into it, since two launches would
      // count the same fleet.
      const providers = placeTasks(strategy, fleet.count(cluster), tasks.length);
      const entered = tasks.map((task, index) => enter(fleet, task, providers[index] ?? 'FARGATE'));
      fleet.emit('request');
      return withBody(answer, { ...body, tasks: entered });
    });
  };
}

function enter(fleet: Fleet, task: WireTask, provider: CapacityProvider): WireTask {
  const taskArn = task.taskArn ?? '';
  fleet.enter(taskArn, provider);
  return overlayTask(task, fleet.get(taskArn));
}

/** The request's own strategy, or its launch type, or the cluster's default strategy. */
async function strategyOf(
  ecs: ECSClient,
  input: RunTaskInput,
  cluster: string,
): Promise<readonly StrategyItem[]> {
  if (input.capacityProviderStrategy?.length)
    return input.capacityProviderStrategy.map(withDefaultWeight);
  if (input.launchType) return [{ capacityProvider: 'FARGATE', weight: 1 }];
  const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: [cluster] }));
  return (clusters?.[0]?.defaultCapacityProviderStrategy ?? []) as readonly StrategyItem[];
}

/** A single provider without a weight takes all tasks, as it does in ECS. */
function withDefaultWeight(
  item: StrategyItem,
  _index: number,
  all: readonly StrategyItem[],
): StrategyItem {
  return all.length === 1 ? { ...item, weight: item.weight || 1 } : item;
}

/** `cluster` may be a name, an ARN or absent. */
function clusterName(cluster: string | undefined): string {
  return cluster?.split('/').at(-1) || 'default';
}

interface Launch {
  readonly parameters: string;
  readonly answer: Promise<AwsResponse>;
}

/**
 * The idempotency of RunTask:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 */
export class ClientTokens {
  private readonly launches = new Map<string, Launch>();

  /**
   * Launches once for each token. A repeated request gets the answer of the first one, even while
   * that is under way. The same token with other parameters is a conflict. After a failed launch
   * its token is free again.
   */
  async once(
    token: string | undefined,
    parameters: string,
    launch: () => Promise<AwsResponse>,
  ): Promise<AwsResponse> {
    if (!token) return launch();
    const known = this.launches.get(token);
    if (known) {
      if (known.parameters === parameters) return known.answer;
      return errorResponse(
        'ConflictException',
        `The client token ${token} was already used with other parameters.`,
      );
    }
    const answer = launch();
    this.launches.set(token, { parameters, answer });
    const forget = () => this.launches.delete(token);
    answer.then(({ status }) => status >= 400 && forget(), forget);
    return answer;
  }
}
