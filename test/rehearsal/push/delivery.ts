import { join } from 'node:path';
import { DELIVERY_PARAMETERS, type DeployOutcome } from '../../../contract/delivery';
import { deliveryNames } from '../../../contract/names';
import { TASK_DEFINITION_PARAMETER } from '../../../contract/parameters';
import { awsEnvironment } from '../../../local/environment';
import type { Pipeline } from '../../../local/ports';
import { startEcrProxy } from '../../delivery/ecr-proxy';
import {
  type EventHappened,
  type EventTarget,
  readDefinition,
  startedBy,
} from '../../delivery/emulator-api';
import {
  type Project as BuildProject,
  projectRunner,
  type RunProject,
} from '../../delivery/fake-codebuild';
import type { PipelineEnd } from '../../delivery/fake-codepipeline';
import { runPipeline } from '../../delivery/fake-codepipeline';
import type { AwsClients } from '../../emulator/clients';
import { startRecordingProxy } from '../../iam/recording-proxy';
import { type Project, terraform } from '../checkout';

export interface DeliveryOptions {
  readonly project: Project;
  readonly clients: AwsClients;
  readonly pipeline: Pipeline;
  /** Where machines keep their commands and images. */
  readonly folder: string;
  /** Where ECS tells the true course of a task. */
  readonly ecsEndpoint: string;
}

/**
 * The delivery of a deployed environment; every call of builds and deployer is recorded. @throws
 * Error unless one rule starts the pipeline for a new archive.
 */
export async function openDelivery(options: DeliveryOptions) {
  const { project, clients, pipeline, folder } = options;
  const { endpoint } = project;
  const ecr = await startEcrProxy(endpoint);
  const build = await startRecordingProxy(ecr.endpoint);
  const deploy = await startRecordingProxy(ecr.endpoint);
  const deployEcs = await startRecordingProxy(options.ecsEndpoint);
  const credentialsOf = ({ name }: BuildProject) =>
    name.includes('-build-')
      ? awsEnvironment(build.endpoint)
      : { ...awsEnvironment(deploy.endpoint), AWS_ENDPOINT_URL_ECS: deployEcs.endpoint };
  const runProject = projectRunner({ endpoint, folder, credentialsOf });
  const { makingEndpoint = endpoint } = project;
  const { pipeline: name, templatesParameter } = deliveryNames({
    blueprint: 'spillway',
    name: 'dev',
  });
  const definition = await readDefinition(makingEndpoint, name);
  const outputs = await readOutputs(project);
  const names = parameterNames(pipeline);
  const started = {
    archive: (await startedBy(endpoint, archiveCreated(outputs.source_command ?? ''))).map(
      asAwsNames,
    ),
    templates: await startedBy(endpoint, parameterUpdated(templatesParameter)),
  };
  if (started.archive.map(({ Arn }) => Arn).join() !== definition.arn) {
    throw new Error(
      `A new archive must start ${definition.arn}, but starts ${JSON.stringify(started.archive)}.`,
    );
  }
  return {
    definition,
    sourceCommand: outputs.source_command ?? '',
    /** What EventBridge starts for a new archive, and for a new value of `templates`. */
    started,
    /** The version of the archive that is there now. */
    sourceVersion: () => archiveVersion(clients, outputs.source_archive ?? ''),
    /** Plays what a new archive starts. */
    sourceChanged: (overrides: Readonly<Record<string, string>> = {}) =>
      runPipeline(definition, { s3: clients.s3, runProject, overrides }),
    /** Plays what a new value of the parameter `templates` starts. @returns the logs. */
    templatesChanged: () => playRedeploys(started.templates, runProject),
    promoted: () => readParameter(clients, names.taskDefinition),
    target: () => readParameter(clients, names.target),
    templates: () => readParameter(clients, templatesParameter),
    outcome: async () =>
      JSON.parse((await readParameter(clients, names.outcome)).value) as DeployOutcome,
    setKnob: async (knob: string, Value: string) => {
      const Name = `${pipeline.parameterPath}${knob}`;
      await clients.ssm.putParameter({ Name, Value, Overwrite: true });
    },
    calls: () => ({ build: build.calls(), deploy: [...deploy.calls(), ...deployEcs.calls()] }),
    close: async () => {
      await Promise.all([ecr, build, deploy, deployEcs].map((server) => server.stop()));
    },
  };
}

export type Delivery = Awaited<ReturnType<typeof openDelivery>>;

async function readOutputs(project: Project): Promise<Readonly<Record<string, string>>> {
  const answer = await terraform(project, 'dev-delivery', 'output', '-json');
  const outputs = JSON.parse(answer) as Readonly<Record<string, { readonly value: string }>>;
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

function parameterNames({ parameterPath }: Pipeline) {
  const deliveryPath = join(parameterPath, 'delivery/');
  return {
    taskDefinition: `${parameterPath}${TASK_DEFINITION_PARAMETER}`,
    target: `${deliveryPath}${DELIVERY_PARAMETERS.target}`,
    outcome: `${deliveryPath}${DELIVERY_PARAMETERS.outcome}`,
  };
}

async function readParameter({ ssm }: AwsClients, Name: string) {
  const { Parameter } = await ssm.getParameter({ Name });
  return { value: Parameter?.Value ?? '', version: Parameter?.Version ?? 0 };
}

async function archiveVersion({ s3 }: AwsClients, url: string): Promise<string> {
  const { host: Bucket, pathname } = new URL(url);
  const { VersionId = '' } = await s3.headObject({ Bucket, Key: pathname.slice(1) });
  return VersionId;
}

/** A provider for tests may write an ARN otherwise; AWS's has nothing before the name. */
export function asAwsNames<T>(named: T): T {
  return JSON.parse(JSON.stringify(named).replaceAll(':codepipeline/', ':')) as T;
}

/** The event of a new archive. */
function archiveCreated(sourceCommand: string): EventHappened {
  const [, bucket = '', key = ''] = /s3:\/\/([^/ ]+)\/(\S+)/.exec(sourceCommand) ?? [];
  return {
    source: 'aws.s3',
    'detail-type': 'Object Created',
    resources: [`arn:aws:s3:::${bucket}`],
    detail: { version: '0', bucket: { name: bucket }, object: { key }, reason: 'PutObject' },
  };
}

/** The event of a new value of a parameter. */
function parameterUpdated(name: string): EventHappened {
  return {
    source: 'aws.ssm',
    'detail-type': 'Parameter Store Change',
    detail: { name, type: 'String', operation: 'Update' },
  };
}

/** @throws Error when a build fails. */
async function playRedeploys(targets: readonly EventTarget[], runProject: RunProject) {
  const logs: string[] = [];
  for (const { Arn } of targets) {
    const project = Arn.slice(Arn.indexOf(':project/') + ':project/'.length);
    const { succeeded, log } = await runProject(project, { initiator: 'rule', variables: {} });
    if (!succeeded) throw new Error(`The redeploy failed:\n${log}`);
    logs.push(log);
  }
  return logs;
}

/** The end of the last build's log; empty when the pipeline came to its end. */
export function whyStopped({ succeeded, stoppedAt, logs }: PipelineEnd): string {
  const last = Object.values(logs).at(-1) ?? '';
  return succeeded ? '' : `stopped at ${stoppedAt}:\n${last.split('\n').slice(-60).join('\n')}`;
}
