import type { Answers } from '../../test/fakes/aws-server';

/** The tasks that ECS lists in the benchmark. */
export interface AccountSize {
  readonly active: number;
  readonly stopped: number;
}

/** Most that ListTasks returns and DescribeTasks takes. */
const PAGE = 100;
const CREATED_SECONDS = 1_773_151_500;

/** AWS with a long backlog and enough tasks for several pages of each list. */
export function accountOf(size: AccountSize): Answers {
  const arns = {
    RUNNING: arnsOf('active', size.active),
    STOPPED: arnsOf('stopped', size.stopped),
  };
  return {
    GetParametersByPath: () => ({
      body: { Parameters: [{ Name: '/spillway/bench/photos/task-definition', Value: 'photos:7' }] },
    }),
    GetQueueAttributes: () => ({
      body: {
        Attributes: {
          ApproximateNumberOfMessages: '100000',
          ApproximateNumberOfMessagesNotVisible: '8000',
          ApproximateNumberOfMessagesDelayed: '0',
        },
      },
    }),
    DescribeSubnets: () => ({
      xml: `<Answer><subnetSet>${subnet('subnet-1')}${subnet('subnet-2')}</subnetSet></Answer>`,
    }),
    ListTasks: ({ desiredStatus, nextToken }) => {
      const all = arns[desiredStatus as keyof typeof arns];
      const start = Number(nextToken ?? 0);
      const more = start + PAGE < all.length ? { nextToken: String(start + PAGE) } : {};
      return { body: { taskArns: all.slice(start, start + PAGE), ...more } };
    },
    DescribeTasks: ({ tasks }) => ({
      body: { tasks: (tasks as string[]).map(describe), failures: [] },
    }),
    RunTask: ({ count }) => ({
      body: { tasks: arnsOf('launched', Number(count)).map(describe), failures: [] },
    }),
  };
}

function subnet(id: string): string {
  const addresses = '<availableIpAddressCount>4000</availableIpAddressCount>';
  return `<item><subnetId>${id}</subnetId>${addresses}</item>`;
}

function arnsOf(kind: string, count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `arn:aws:ecs:eu-central-1:123456789012:task/spillway/${kind}-${index}`,
  );
}

function describe(taskArn: string) {
  const stopped = taskArn.includes('/stopped-');
  return {
    taskArn,
    clusterArn: 'arn:aws:ecs:eu-central-1:123456789012:cluster/spillway',
    taskDefinitionArn: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/photos:7',
    capacityProviderName: taskArn.endsWith('0') ? 'FARGATE' : 'FARGATE_SPOT',
    lastStatus: stopped ? 'STOPPED' : 'RUNNING',
    desiredStatus: stopped ? 'STOPPED' : 'RUNNING',
    startedBy: 'spillway-scaler',
    createdAt: CREATED_SECONDS,
    startedAt: CREATED_SECONDS + 25,
    cpu: '1024',
    memory: '2048',
    ...(stopped ? { stoppedAt: CREATED_SECONDS + 90, stopCode: 'EssentialContainerExited' } : {}),
    containers: [
      {
        name: 'worker',
        lastStatus: stopped ? 'STOPPED' : 'RUNNING',
        ...(stopped ? { exitCode: 0 } : {}),
      },
    ],
  };
}
