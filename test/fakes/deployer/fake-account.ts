import { DEFAULT_WORKLOAD } from '../../../application-code/workloads';
import {
  DELIVERY_PARAMETERS,
  type DeliveryTarget,
  type DeployOutcome,
  NO_OUTCOME_YET,
} from '../../../contract/delivery';
import { imageNames, pipelineNames } from '../../../contract/names';
import {
  NO_IMAGE_YET,
  NO_RECIPE_YET,
  RECIPE_PARAMETER,
  TASK_DEFINITION_PARAMETER,
} from '../../../contract/parameters';
import type {
  Bucket,
  CanaryLaunch,
  CanaryTask,
  DeadLetter,
  DeployPorts,
  LaunchResult,
  Revision,
  TaskDefinition,
} from '../../../deployer/ports';
import { ACCOUNT, digestOf, fakeImages, fakeParameters, fakeTaskDefinitions } from '../account';
import { FakeBucket } from '../bucket';
import { FakeClock } from '../clock';

const REGISTRY = `${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com`;
const repositoryOf = (workload: string) =>
  imageNames({ blueprint: 'spillway', name: 'dev' }, workload).repository;

export const uriOf = (digit: number, workload = DEFAULT_WORKLOAD) =>
  `${REGISTRY}/${repositoryOf(workload)}@${digestOf(digit)}`;
export const namesOf = (pipeline: string) =>
  pipelineNames({ blueprint: 'spillway', environment: 'dev', pipeline });
const queueUrl = (name: string) => `https://sqs.eu-central-1.amazonaws.com/${ACCOUNT}/${name}`;

/** What a task of the canary does while it is launched; the deployer looks at it afterwards. */
export type FakeTask = (launch: CanaryLaunch) => Promise<CanaryTask | LaunchResult>;

export const STOPPED = { isStopped: true, containers: [{ name: 'worker', exitCode: 0 }] } as const;

/** All of AWS that a deployer sees, in memory. */
export class FakeAccount {
  readonly clock = new FakeClock(true);
  readonly taskDefinitions = fakeTaskDefinitions();
  readonly revisions = this.taskDefinitions.revisions;
  readonly parameters = new Map<string, string[]>();
  readonly images = fakeImages();
  readonly digests = this.images.digests;
  readonly imageTags = this.images.tags;
  /** By bucket, a slash and the key. */
  readonly objects = new FakeBucket();
  readonly queue: string[] = [];
  readonly deadLetters: DeadLetter[] = [];
  readonly launches: CanaryLaunch[] = [];
  readonly stopped: string[] = [];
  readonly said: string[] = [];
  readonly stop = new AbortController();
  logLines: readonly string[] = [];
  task: FakeTask = async () => STOPPED;
  /** Calls that fail, by the beginning of `method name`. */
  readonly broken = new Map<string, Error>();
  private readonly tasks: CanaryTask[] = [];
  private runs = 0;

  /** A pipeline as the stacks leave it: a template, its target, nothing promoted. */
  addPipeline(pipeline: string, variables: Readonly<Record<string, string>> = {}): DeliveryTarget {
    const names = namesOf(pipeline);
    this.parameters.set(`${names.parameterPath}${TASK_DEFINITION_PARAMETER}`, [NO_IMAGE_YET]);
    this.parameters.set(`${names.parameterPath}${RECIPE_PARAMETER}`, [NO_RECIPE_YET]);
    this.parameters.set(`${names.deliveryPath}${DELIVERY_PARAMETERS.outcome}`, [NO_OUTCOME_YET]);
    return this.changeTemplate(pipeline, variables);
  }

  /** A deploy of the stacks with other settings. */
  changeTemplate(
    pipeline: string,
    variables: Readonly<Record<string, string>> = {},
  ): DeliveryTarget {
    const names = namesOf(pipeline);
    const environment = Object.entries(variables).map(([name, value]) => ({ name, value }));
    const workload = variables.WORKLOAD ?? DEFAULT_WORKLOAD;
    const repository = repositoryOf(workload);
    const image = `${REGISTRY}/${repository}:none`;
    const worker = { name: 'worker', image, environment };
    const template = this.register(names.templateFamily, [worker], { team: 'pictures' });
    const target: DeliveryTarget = {
      pipeline,
      workload,
      architecture: 'arm64',
      templateRevision: template.arn,
      taskFamily: names.taskFamily,
      cluster: 'spillway-dev',
      subnetIds: ['subnet-1'],
      securityGroupIds: ['sg-1'],
      assignPublicIp: true,
      parameterPath: names.parameterPath,
      sourceBucket: 'sources',
      destinationBucket: 'renditions',
      accountId: ACCOUNT,
      canaryQueueUrl: queueUrl(names.canaryQueue),
      canaryDeadLetterQueueUrl: queueUrl(names.canaryDeadLetterQueue),
      workerLogGroup: '/spillway/dev/photos/worker',
      repository,
      repositoryUri: `${REGISTRY}/${repository}`,
    };
    const parameter = `${names.deliveryPath}${DELIVERY_PARAMETERS.target}`;
    const history = this.parameters.get(parameter) ?? [];
    this.parameters.set(parameter, [...history, JSON.stringify(target)]);
    return target;
  }

  register(
    family: string,
    containerDefinitions: TaskDefinition['containerDefinitions'],
    tags: Revision['tags'],
  ): Revision {
    const number = this.taskDefinitions.active(family).length + 1;
    const definition = { family, cpu: '1024', containerDefinitions };
    return this.taskDefinitions.add(`${family}:${number}`, definition, { tags });
  }

  promoted(pipeline: string): Revision | undefined {
    const value = this.value(`${namesOf(pipeline).parameterPath}${TASK_DEFINITION_PARAMETER}`);
    return this.revisions.get(value);
  }

  outcome(pipeline: string): DeployOutcome | undefined {
    const value = this.value(`${namesOf(pipeline).deliveryPath}${DELIVERY_PARAMETERS.outcome}`);
    return value === NO_OUTCOME_YET ? undefined : JSON.parse(value);
  }

  active(family: string): string[] {
    return this.taskDefinitions.active(family);
  }

  value(parameter: string): string {
    const value = this.parameters.get(parameter)?.at(-1);
    if (value === undefined) throw new Error(`There is no parameter ${parameter}.`);
    return value;
  }

  /** @param turn awaited before and after each call. */
  ports(turn: () => Promise<void> = async () => undefined): DeployPorts {
    const port = <Port extends object>(methods: Port) => this.breakable(methods, turn);
    return {
      clock: this.clock,
      newRunId: () => `run-${++this.runs}`,
      say: (line) => void this.said.push(line),
      signal: this.stop.signal,
      taskDefinitions: port(this.taskDefinitions),
      parameters: port(fakeParameters(this.parameters)),
      images: port(this.images),
      tasks: port<DeployPorts['tasks']>({
        launch: (launch) => this.launch(launch),
        look: async (_cluster, taskArn) => this.tasks[Number(taskArn.split('/').at(-1))],
        stop: async (_cluster, taskArn, reason) => void this.stopped.push(`${taskArn}: ${reason}`),
      }),
      objects: port(this.bucketObjects()),
      queues: port<DeployPorts['queues']>({
        send: async (_url, bodies) => void this.queue.push(...bodies),
        deadLetters: async () => [...this.deadLetters],
        remove: async (_url, receipt) => {
          const at = this.deadLetters.findIndex(({ receiptHandle }) => receiptHandle === receipt);
          if (at >= 0) this.deadLetters.splice(at, 1);
        },
      }),
      logs: port<DeployPorts['logs']>({ tail: async () => this.logLines }),
    };
  }

  private bucketObjects(): DeployPorts['objects'] {
    const { objects } = this;
    const below = ({ name }: Bucket, key: string) => `${name}/${key}`;
    return {
      put: async (bucket, key, body, contentType) =>
        objects.put(below(bucket, key), body, { contentType }),
      get: async (bucket, key) => objects.get(below(bucket, key)),
      keys: async (bucket, prefix) =>
        objects.keys(below(bucket, prefix)).map((path) => path.slice(below(bucket, '').length)),
      remove: async (bucket, key) => objects.delete(below(bucket, key)),
    };
  }

  /** The same methods: each takes its turn, and fails where a test says so. */
  private breakable<Port extends object>(methods: Port, turn: () => Promise<void>): Port {
    const entries = Object.entries(methods).map(([name, method]) => [
      name,
      async (...given: readonly unknown[]) => {
        await turn();
        const what = `${name} ${nameOf(given[0])}`;
        for (const [start, error] of this.broken) if (what.startsWith(start)) throw error;
        const result = await method(...given);
        await turn();
        return result;
      },
    ]);
    return Object.fromEntries(entries) as Port;
  }

  private async launch(launch: CanaryLaunch): Promise<LaunchResult> {
    this.launches.push(launch);
    const end = await this.task(launch);
    if ('kind' in end) return end;
    const number = this.tasks.push(end) - 1;
    return { kind: 'accepted', taskArn: `arn:aws:ecs:eu-central-1:${ACCOUNT}:task/c/${number}` };
  }
}

/** What a call is about: a name, a family or a bucket. */
function nameOf(subject: unknown): string {
  if (typeof subject === 'string') return subject;
  const { name, family } = (subject ?? {}) as { readonly name?: string; readonly family?: string };
  return name ?? family ?? '';
}
