import {
  DELIVERY_PARAMETERS,
  type DeliveryTarget,
  NO_OUTCOME_YET,
  type Outcome,
} from '../../../contract/delivery';
import { pipelineNames } from '../../../contract/names';
import {
  NO_IMAGE_YET,
  RECIPE_PARAMETER,
  TASK_DEFINITION_PARAMETER,
} from '../../../contract/parameters';
import { NO_RECIPE_YET } from '../../../contract/recipe-record';
import { revisionName } from '../../../deployer/active-revisions';
import type {
  CanaryLaunch,
  CanaryTask,
  DeadLetter,
  Launched,
  Revision,
  TaskDefinition,
} from '../../../deployer/ports';
import type { Surroundings } from '../../../deployer/surroundings';
import { FakeClock } from '../clock';

const ACCOUNT = '123456789012';
const URI = `${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/spillway-dev-worker`;
const arnOf = (name: string) => `arn:aws:ecs:eu-central-1:${ACCOUNT}:task-definition/${name}`;

/** `sha256:` and 64 times one digit. */
export const digestOf = (digit: number) => `sha256:${String(digit).repeat(64)}`;
export const uriOf = (digit: number) => `${URI}@${digestOf(digit)}`;
export const namesOf = (pipeline: string) =>
  pipelineNames({ blueprint: 'spillway', environment: 'dev', pipeline });
const queueUrl = (name: string) => `https://sqs.eu-central-1.amazonaws.com/${ACCOUNT}/${name}`;

/** What a task of the canary does; it works while it is launched and is looked at afterwards. */
export type PlayWorker = (launch: CanaryLaunch) => Promise<CanaryTask | Launched>;

export const STOPPED = { isStopped: true, containers: [{ name: 'worker', exitCode: 0 }] } as const;

/** All of AWS that a deployer sees, in memory. */
export class World {
  readonly clock = new FakeClock(true);
  readonly revisions = new Map<string, Revision>();
  readonly parameters = new Map<string, string[]>();
  readonly digests = new Set<string>();
  readonly imageTags: string[] = [];
  readonly objects = new Map<string, Buffer>();
  readonly queue: string[] = [];
  readonly deadLetters: DeadLetter[] = [];
  readonly launches: CanaryLaunch[] = [];
  readonly stopped: string[] = [];
  readonly said: string[] = [];
  readonly stop = new AbortController();
  logLines: readonly string[] = [];
  play: PlayWorker = async () => STOPPED;
  /** Calls that fail, by the beginning of `port.method argument`. */
  readonly broken = new Map<string, Error>();
  private tasks: CanaryTask[] = [];
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
    const worker = { name: 'worker', image: `${URI}:none`, environment };
    const template = this.register(names.templateFamily, [worker], { team: 'pictures' });
    const target: DeliveryTarget = {
      pipeline,
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
      repository: 'spillway-dev-worker',
      repositoryUri: URI,
    };
    const parameter = `${names.deliveryPath}${DELIVERY_PARAMETERS.target}`;
    const history = this.parameters.get(parameter) ?? [];
    this.parameters.set(parameter, [...history, JSON.stringify(target)]);
    return target;
  }

  register(
    family: string,
    containers: TaskDefinition['containerDefinitions'],
    tags: Revision['tags'],
  ): Revision {
    const number =
      [...this.revisions.keys()].filter((name) => name.startsWith(`${family}:`)).length + 1;
    const name = `${family}:${number}`;
    const definition = { family, cpu: '1024', containerDefinitions: containers };
    const revision: Revision = { name, arn: arnOf(name), isActive: true, definition, tags };
    this.revisions.set(name, revision);
    return revision;
  }

  promoted(pipeline: string): Revision | undefined {
    const value = this.value(`${namesOf(pipeline).parameterPath}${TASK_DEFINITION_PARAMETER}`);
    return this.revisions.get(value);
  }

  outcome(pipeline: string): Outcome | undefined {
    const value = this.value(`${namesOf(pipeline).deliveryPath}${DELIVERY_PARAMETERS.outcome}`);
    return value === NO_OUTCOME_YET ? undefined : JSON.parse(value);
  }

  active(family: string): string[] {
    return [...this.revisions.values()]
      .filter(({ isActive, name }) => isActive && name.startsWith(`${family}:`))
      .map(({ name }) => name);
  }

  value(parameter: string): string {
    const value = this.parameters.get(parameter)?.at(-1);
    if (value === undefined) throw new Error(`There is no parameter ${parameter}.`);
    return value;
  }

  /** @param turn awaited before and after each call. */
  surroundings(turn: () => Promise<void> = async () => undefined): Surroundings {
    const call = async <T>(what: string, act: () => T | Promise<T>): Promise<T> => {
      await turn();
      for (const [start, error] of this.broken) if (what.startsWith(start)) throw error;
      const result = await act();
      await turn();
      return result;
    };
    return {
      clock: this.clock,
      newRunId: () => `run-${++this.runs}`,
      say: (line) => void this.said.push(line),
      signal: this.stop.signal,
      taskDefinitions: {
        describe: (text) => call(`describe ${text}`, () => this.revisions.get(revisionName(text))),
        register: (definition, tags) =>
          call(`register ${definition.family}`, () =>
            this.register(definition.family, definition.containerDefinitions, tags),
          ),
        deregister: (text) => call(`deregister ${text}`, () => this.deregister(revisionName(text))),
        list: (family) => call(`list ${family}`, () => this.active(family).map(arnOf).reverse()),
      },
      parameters: {
        read: (name) =>
          call(`read ${name}`, () => ({
            value: this.value(name),
            version: this.parameters.get(name)?.length ?? 0,
          })),
        write: (name, value) =>
          call(`write ${name}`, () => this.parameters.get(name)?.push(value) ?? 0),
        readVersion: (name, version) =>
          call(`readVersion ${name}`, () => this.parameters.get(name)?.[version - 1] ?? ''),
        history: (name) =>
          call(`history ${name}`, () =>
            (this.parameters.get(name) ?? [])
              .map((value, at) => ({ value, modifiedAt: at }))
              .reverse(),
          ),
      },
      images: {
        has: (_repository, digest) => call(`has ${digest}`, () => this.digests.has(digest)),
        tag: (_repository, digest, tag) =>
          call(`tag ${tag}`, () => void this.imageTags.push(`${digest} ${tag}`)),
      },
      tasks: {
        launch: (launch) => call('launch', () => this.launch(launch)),
        look: (_cluster, taskArn) =>
          call('look', () => this.tasks[Number(taskArn.split('/').at(-1))]),
        stop: (_cluster, taskArn, reason) =>
          call('stop', () => void this.stopped.push(`${taskArn}: ${reason}`)),
      },
      objects: {
        put: ({ name }, key, body) =>
          call(`put ${name}`, () => void this.objects.set(`${name}/${key}`, body)),
        get: ({ name }, key) => call(`get ${name}`, () => this.objects.get(`${name}/${key}`)),
        keys: ({ name }, prefix) =>
          call(`keys ${name}`, () =>
            [...this.objects.keys()]
              .filter((path) => path.startsWith(`${name}/${prefix}`))
              .map((path) => path.slice(name.length + 1)),
          ),
        remove: ({ name }, key) =>
          call(`remove ${name}`, () => void this.objects.delete(`${name}/${key}`)),
      },
      queues: {
        send: (_url, bodies) => call('send', () => void this.queue.push(...bodies)),
        deadLetters: () => call('deadLetters', () => [...this.deadLetters]),
        remove: (_url, receipt) =>
          call(`removeLetter ${receipt}`, () => {
            const at = this.deadLetters.findIndex(({ receiptHandle }) => receiptHandle === receipt);
            if (at >= 0) this.deadLetters.splice(at, 1);
          }),
      },
      logs: { tail: (_group, stream) => call(`tail ${stream}`, () => this.logLines) },
    };
  }

  private async launch(launch: CanaryLaunch): Promise<Launched> {
    this.launches.push(launch);
    const played = await this.play(launch);
    if ('kind' in played) return played;
    return {
      kind: 'accepted',
      taskArn: `arn:aws:ecs:eu-central-1:${ACCOUNT}:task/c/${this.tasks.push(played) - 1}`,
    };
  }

  private deregister(name: string): void {
    const revision = this.revisions.get(name);
    if (!revision) throw new Error(`There is no ${name}.`);
    this.revisions.set(name, { ...revision, isActive: false });
  }
}
