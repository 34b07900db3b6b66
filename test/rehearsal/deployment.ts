import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { recipe } from '../../application-code/images/recipe';
import { outputPlans } from '../../application-code/worker/src/job/manifest';
import { DEFAULT_WORKLOAD } from '../../application-code/workloads';
import { pipelineNames } from '../../contract/names';
import { TASK_DEFINITION_PARAMETER } from '../../contract/parameters';
import { LOCAL_ACCOUNT_ID, LOCAL_REGION } from '../../local/environment';
import type { Pipeline } from '../../local/ports';
import { DEFAULT_PIPELINE } from '../../stacks/config/schema';
import type { Photo } from '../e2e/photos';
import type { AwsClients } from '../emulator/clients';
import { run } from '../emulator/run-command';
import { type Project, terraform } from './checkout';
import { terraformEnvironment } from './terraform-tools';

/** Pipeline of an environment of which nothing is said. */
const DEFAULT_NAME = 'photos';
const BLUEPRINT = 'spillway';

export interface Deployment {
  readonly pipeline: Pipeline;
  /** The line that the output `upload_command` says. */
  readonly uploadCommand: string;
}

type Outputs = Readonly<Record<string, { readonly value: string }>>;

/** Reads what a deploy says of one of its pipelines. */
export async function readDeployment(
  project: Project,
  environment: string,
  name = DEFAULT_NAME,
): Promise<Deployment> {
  const answer = await terraform(project, `${environment}-queue-processing`, 'output', '-json');
  const outputs = JSON.parse(answer) as Outputs;
  const output = (what: string) => {
    const id = `${name.replaceAll('-', '_')}_${what}`;
    const value = outputs[id]?.value;
    if (value === undefined) throw new Error(`There is no output ${id}: ${Object.keys(outputs)}`);
    return value;
  };
  const names = pipelineNames({ blueprint: BLUEPRINT, environment, pipeline: name });
  const pipeline: Pipeline = {
    endpoint: project.endpoint,
    ecsEndpoint: project.endpoint,
    region: LOCAL_REGION,
    accountId: LOCAL_ACCOUNT_ID,
    sourceBucket: output('source_bucket'),
    sourcePrefix: 'ecsproc/',
    destinationBucket: output('destination_bucket'),
    destinationPrefix: 'processed/',
    queueUrl: output('queue_url'),
    deadLetterQueueUrl: output('dead_letter_queue_url'),
    cluster: outputs.cluster?.value ?? '',
    taskFamily: names.taskFamily,
    scalerFunctionName: names.scaler,
    parameterPath: output('parameter_path'),
    cpuUnits: DEFAULT_PIPELINE.cpuUnits,
    memoryMiB: DEFAULT_PIPELINE.memoryMiB,
    workload: DEFAULT_WORKLOAD,
    outputs: outputPlans(recipe, recipe.default),
  };
  return { pipeline, uploadCommand: output('upload_command') };
}

/** What the delivery does after a canary: the scaler launches a copy of the template. */
export async function promote({ ecs, ssm }: AwsClients, pipeline: Pipeline): Promise<void> {
  const { taskFamily } = pipeline;
  const { taskDefinition } = await ecs.describeTaskDefinition({
    taskDefinition: templateFamilyOf(pipeline),
  });
  const copy = { ...taskDefinition, family: taskFamily } as RegisterTaskDefinitionCommandInput;
  await ecs.registerTaskDefinition(copy);
  const Name = `${pipeline.parameterPath}${TASK_DEFINITION_PARAMETER}`;
  await ssm.putParameter({ Name, Value: `${taskFamily}:1`, Overwrite: true });
}

/** What Terraform did not register, it does not deregister. */
export async function deregisterPromoted(
  { ecs }: AwsClients,
  { taskFamily }: Pipeline,
): Promise<void> {
  await ecs.deregisterTaskDefinition({ taskDefinition: `${taskFamily}:1` });
}

/** Family of what a deploy of the stacks describes. */
export function templateFamilyOf({ parameterPath }: Pipeline): string {
  const [, blueprint = '', environment = '', pipeline = ''] = parameterPath.split('/');
  return pipelineNames({ blueprint, environment, pipeline }).templateFamily;
}

/** Types what the output `upload_command` says, beside a folder `photos`, at the emulator. */
export async function uploadPhotos(
  photos: readonly Photo[],
  { pipeline, uploadCommand }: Deployment,
): Promise<void> {
  const { endpoint } = pipeline;
  const folder = await mkdtemp(join(tmpdir(), 'spillway-photos-'));
  try {
    for (const photo of photos) {
      const file = join(folder, 'photos', photo.path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, photo.body);
    }
    await run('sh', ['-c', `${uploadCommand} --only-show-errors --endpoint-url ${endpoint}`], {
      folder,
      environment: terraformEnvironment(endpoint),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
