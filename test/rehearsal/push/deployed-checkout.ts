import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Task } from '@aws-sdk/client-ecs';
import { startEmulator } from '../../../local/emulator/start-emulator';
import type { Emulator } from '../../../local/ports';
import { startCodePipelineProxy, startRunsProxy } from '../../delivery/codepipeline-proxy';
import { ImageStore } from '../../delivery/docker/image-store';
import { logWriter } from '../../delivery/emulator-api';
import type { PipelineEnd } from '../../delivery/fake-codepipeline';
import { type AwsClients, awsClients } from '../../emulator/clients';
import { type CommandEnd, runToCode } from '../../emulator/run-command';
import { type CheckoutCopy, cdktfUnasked, copyCheckout, type Project } from '../checkout';
import { type Deployment, readDeployment } from '../deployment';
import { startProvider } from '../provider-server';
import { openRecordedFleet, type RecordedFleet } from '../recorded-fleet';
import { terraformEnvironment } from '../terraform-tools';
import { type Delivery, openDelivery } from './delivery';
import { type Change, Repository } from './repository';

/** Tasks do one job at a time, so that two revisions share a backlog. */
const configurationOf = (
  furtherPipelines: string,
) => `import { defineBlueprint } from './stacks/config/blueprint-config';

export const blueprint = defineBlueprint({
  environments: {
    dev: {
      pipelines: {
        photos: { idleExitSeconds: 5, jobConcurrency: 1, jobsPerTask: 10,
          maxTasks: 4, memoryMiB: 2048 },
        ${furtherPipelines}
      },
    },
  },
});
`;
/** What S3 is away from a task. */
const ROUND_TRIP_MILLISECONDS = 15;

/** A user's checkout, what it has deployed, and everything that is at work there. */
export interface DeployedCheckout {
  readonly project: Project;
  readonly repository: Repository;
  /** What the further workload has added to the first commit, as git says it. */
  readonly added: string;
  readonly clients: AwsClients;
  readonly deployment: Deployment;
  readonly fleet: RecordedFleet;
  readonly delivery: Delivery;
  /** Changes the text of the configuration. */
  configure(from: string, to: string): Promise<void>;
  /** Types `npx cdktf deploy`. */
  deploy(): Promise<void>;
  /** Types `npx spillway …` in the checkout. */
  spillway(...words: readonly string[]): Promise<CommandEnd>;
  /** Types `npx spillway deliver`, and plays the run that it starts. */
  deliver(): Promise<{ readonly told: CommandEnd; readonly end: PipelineEnd }>;
  /** Commits a change of the first commit, uploads it, and plays the run that it starts. */
  push(
    title: string,
    changes?: readonly Change[],
    overrides?: Readonly<Record<string, string>>,
  ): Promise<PipelineEnd>;
  /** Every task so far, in the order of their launch, as ECS tells it. */
  tasks(): Promise<readonly Task[]>;
  close(): Promise<void>;
}

/** What a checkout has beside the pipeline of photos. */
export interface Further {
  /** Text of the configuration. */
  readonly pipelines: string;
  /** A program of the user's own, and what he types beside it to make a workload of it. */
  readonly program: { readonly file: string; readonly text: string; readonly words: string[] };
  /** Family of the tasks of the further pipeline. */
  readonly taskFamily: string;
}

/** The checkout is deployed once, and its code is not built yet. */
export async function openDeployedCheckout(further?: Further): Promise<DeployedCheckout> {
  const emulator = await startEmulator();
  const copy = await copyCheckout();
  const folder = await mkdtemp(join(tmpdir(), 'spillway-machines-'));
  const making = await startCodePipelineProxy(emulator.endpoint);
  const provider = await startProvider(making.endpoint);
  const { path } = copy;
  const project = {
    path,
    endpoint: emulator.endpoint,
    makingEndpoint: making.endpoint,
    provider,
  };
  const configuration = configurationOf(further?.pipelines ?? '');
  await writeFile(join(copy.path, 'blueprint.config.ts'), configuration);
  const repository = new Repository(copy.path, emulator.endpoint);
  await repository.init();
  if (further) await addWorkload(copy, emulator, further.program);
  const added = await repository.status();
  await repository.change('a program of its own');
  const deploy = async () => {
    await cdktfUnasked(project, 'deploy', 'dev-*');
  };
  await deploy();
  const deployment = await readDeployment(project, 'dev');
  const { pipeline } = deployment;
  const images = new ImageStore(folder);
  const fleet = await openRecordedFleet(pipeline, {
    programOf: (image) => images.find(image)?.program,
    writeLog: logWriter(emulator.endpoint),
    roundTripMilliseconds: ROUND_TRIP_MILLISECONDS,
    furtherFamilies: further ? [further.taskFamily] : [],
  });
  const clients = awsClients(emulator.endpoint);
  const { ecsEndpoint } = fleet;
  const delivery = await openDelivery({ project, clients, pipeline, folder, ecsEndpoint });
  const front = awsClients(ecsEndpoint);
  return {
    project,
    repository,
    added,
    clients,
    deployment,
    fleet,
    delivery,
    configure: async (from, to) => {
      const file = join(copy.path, 'blueprint.config.ts');
      await writeFile(file, (await readFile(file, 'utf8')).replace(from, to));
    },
    deploy,
    spillway: (...words) => spillway(copy, emulator, words),
    deliver: async () => {
      const { definition, sourceVersion, sourceChanged } = delivery;
      const run = () => sourceChanged();
      const runs = await startRunsProxy(emulator.endpoint, definition, { sourceVersion, run });
      try {
        const AWS_ENDPOINT_URL_CODEPIPELINE = runs.endpoint;
        const told = await spillway(copy, emulator, ['deliver'], { AWS_ENDPOINT_URL_CODEPIPELINE });
        return { told, end: await runs.end() };
      } finally {
        await runs.stop();
      }
    },
    push: async (title, changes = [], overrides = {}) => {
      await repository.change(title, ...changes);
      await repository.push(delivery.sourceCommand);
      return delivery.sourceChanged(overrides);
    },
    tasks: () => describeTasks(front, fleet, pipeline.cluster),
    close: async () => {
      await fleet.close();
      await delivery.close();
      clients.destroy();
      front.destroy();
      await provider.stop();
      await making.stop();
      await emulator.stop();
      await copy.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As a user adds one, beside whose checkout the program lies. */
async function addWorkload(
  copy: CheckoutCopy,
  emulator: Emulator,
  { file, text, words }: Further['program'],
): Promise<void> {
  const path = join(copy.path, file);
  await writeFile(path, text);
  const { code, output } = await spillway(copy, emulator, ['new', ...words]);
  if (code !== 0) throw new Error(output);
  await rm(path);
}

function spillway(
  { path }: CheckoutCopy,
  { endpoint }: Emulator,
  words: readonly string[],
  more: Readonly<Record<string, string>> = {},
) {
  const environment = {
    ...terraformEnvironment(endpoint),
    BLUEPRINT_CONFIG: join(path, 'blueprint.config.ts'),
    NO_COLOR: '1',
    CDKTF_OUTDIR: join(path, 'cdktf.out'),
    ...more,
  };
  // `npx spillway` would be this checkout's: packages are shared, and do not know its workloads.
  const program = join(path, 'cli', 'spillway.mjs');
  return runToCode(process.execPath, [program, ...words], {
    folder: path,
    environment,
  });
}

/** DescribeTasks takes at most 100 at a time, which no rehearsal has. */
async function describeTasks({ ecs }: AwsClients, { runner }: RecordedFleet, cluster: string) {
  const tasks = runner.tasks().map(({ taskArn }) => taskArn);
  if (tasks.length === 0) return [];
  const answer = await ecs.describeTasks({ cluster, tasks, include: ['TAGS'] });
  return answer.tasks ?? [];
}
