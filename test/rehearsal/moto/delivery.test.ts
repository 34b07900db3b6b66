import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deployerVariables } from '../../../contract/delivery';
import { deliveryNames, imageNames } from '../../../contract/names';
import { blueprint } from '../../../examples/blueprint.config';
import { askJson } from '../../delivery/emulator-api';
import {
  type CheckoutCopy,
  cdktfUnasked,
  copyCheckout,
  DEPLOYED_TO_MOTO,
  type Project,
  planNothing,
  stacksOf,
  terraform,
} from '../checkout';
import { takeInventory } from '../inventory';
import { type ProviderServer, startProvider } from '../provider-server';
import { whyNoRehearsal } from '../terraform-tools';
import { type Moto, startMoto } from './start-moto';

const missing = whyNoRehearsal();
const rehearse = missing ? describe.skip : describe;
const DELIVERIES = DEPLOYED_TO_MOTO.map((name) => `${name}-delivery`);
const NAMES = Object.fromEntries(
  DEPLOYED_TO_MOTO.map((name) => [name, deliveryNames({ blueprint: 'spillway', name })]),
);

const IMAGES = imageNames({ blueprint: 'spillway', name: 'two' }, 'images');

interface MotoPipeline {
  readonly pipelineType: string;
  readonly executionMode: string;
  readonly artifactStore: { readonly type: string; readonly location: string };
  readonly stages: readonly {
    readonly name: string;
    readonly actions: readonly {
      readonly name: string;
      readonly runOrder: number;
      readonly actionTypeId: { readonly provider: string };
      readonly configuration: Readonly<Record<string, string>>;
    }[];
  }[];
  readonly triggers?: readonly object[];
}

rehearse(
  `the delivery stack on a second emulator${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let moto: Moto;
    let copy: CheckoutCopy;
    let provider: ProviderServer;
    let project: Project;

    beforeAll(async () => {
      moto = await startMoto();
      copy = await copyCheckout();
      const configuration = join(copy.path, 'examples', 'blueprint.config.ts');
      provider = await startProvider(moto.endpoint);
      project = { path: copy.path, endpoint: moto.endpoint, provider, configuration };
      await cdktfUnasked(project, 'deploy', ...DEPLOYED_TO_MOTO.flatMap(stacksOf));
    }, 240_000);

    afterAll(async () => {
      await provider?.stop();
      await moto?.stop();
      await copy?.remove();
    }, 60_000);

    const ask = <T>(service: string, target: string, input: object) =>
      askJson<T>(moto.endpoint, { service, target, input });
    const pipelineOf = async (environment: string) => {
      const target = 'CodePipeline_20150709.GetPipeline';
      const input = { name: NAMES[environment]?.pipeline };
      return (await ask<{ readonly pipeline: MotoPipeline }>('codepipeline', target, input))
        .pipeline;
    };
    const projectOf = async (name: string | undefined) => {
      const target = 'CodeBuild_20161006.BatchGetProjects';
      const input = { names: [name] };
      return (await ask<{ readonly projects: readonly object[] }>('codebuild', target, input))
        .projects[0];
    };

    test('a second plan of any stack is empty', async () => {
      await planNothing(project, ...DEPLOYED_TO_MOTO.flatMap(stacksOf));
    }, 240_000);

    test(
      'the pipeline that an archive feeds builds for one architecture and deploys its ' + 'digest',
      async () => {
        const pipeline = await pipelineOf('hardened');
        expect(pipeline).toMatchObject({
          pipelineType: 'V2',
          executionMode: 'SUPERSEDED',
          artifactStore: {
            type: 'S3',
            location: expect.stringMatching(/^spillway-hardened-artefacts-\d{12}$/),
          },
        });
        expect(actionsOf(pipeline)).toEqual([
          ['Source', 'Source', 'S3'],
          ['Build', 'BuildArm64', 'CodeBuild'],
          ['Deploy', 'Deploy', 'CodeBuild'],
        ]);
        const deploy = pipeline.stages.at(-1)?.actions[0]?.configuration;
        expect(deploy?.ProjectName).toBe(NAMES.hardened?.deployProject);
        expect(JSON.parse(deploy?.EnvironmentVariables ?? '')).toEqual([
          { name: 'IMAGE_DIGEST_ARM64', value: '#{BuildArm64.IMAGE_DIGEST}', type: 'PLAINTEXT' },
          { name: 'COMMIT', value: '#{Source.VersionId}', type: 'PLAINTEXT' },
        ]);
      },
    );

    test(
      'the one that a connection feeds builds for both architectures, one after the ' + 'other',
      async () => {
        const pipeline = await pipelineOf('two');
        expect(actionsOf(pipeline)).toEqual([
          ['Source', 'Source', 'CodeStarSourceConnection'],
          ['Build', 'BuildArm64', 'CodeBuild'],
          ['Build', 'BuildX8664', 'CodeBuild'],
          ['Deploy', 'Deploy', 'CodeBuild'],
        ]);
        expect(pipeline.stages[1]?.actions.map(({ runOrder }) => runOrder)).toEqual([1, 2]);
        expect(pipeline.stages[0]?.actions[0]?.configuration).toMatchObject({
          FullRepositoryId: 'acme/spillway',
          BranchName: 'release',
          DetectChanges: 'false',
        });
      },
    );

    test('a pipeline gets its trigger by the deploy after its connection was confirmed, ' +
      'not before', async () => {
      const stack = 'two-delivery';
      const step = async () => {
        const outputs = JSON.parse(await terraform(project, stack, 'output', '-json'));
        return outputs.confirm_connection.value;
      };
      expect((await pipelineOf('two')).triggers ?? []).toEqual([]);
      expect(await step()).toMatch(/^Confirm the connection at https:\/\/\S+ and deploy again/);

      await confirmConnection(project, stack);
      const options = ['-input=false', '-no-color', '-out=plan'];
      const plan = await terraform(project, stack, 'plan', ...options);
      expect(plan).toContain('Plan: 0 to add, 1 to change, 0 to destroy');
      await terraform(project, stack, 'apply', '-input=false', 'plan');
      expect((await pipelineOf('two')).triggers).toEqual([
        {
          providerType: 'CodeStarSourceConnection',
          gitConfiguration: {
            sourceActionName: 'Source',
            push: [
              {
                branches: { includes: ['release'] },
                filePaths: { includes: expect.arrayContaining(['application-code/**']) },
              },
            ],
          },
        },
      ]);
      expect(await step()).toBe('The connection is confirmed: a push starts the delivery.');
      await planNothing(project, stack);
    }, 60_000);

    test.each([
      ['arm64', 'ARM_CONTAINER', /^aws\/codebuild\/amazonlinux-aarch64-standard:/],
      ['x86_64', 'LINUX_CONTAINER', /^aws\/codebuild\/amazonlinux-x86_64-standard:/],
    ])('a build for %s runs on its own kind of machine', async (architecture, type, image) => {
      const repository = `123456789012.dkr.ecr.us-east-1.amazonaws.com/${IMAGES.repository}`;
      const variables = {
        WORKLOAD: 'images',
        REPOSITORY: IMAGES.repository,
        REPOSITORY_URI: repository,
        CACHE_REPOSITORY_URI: `${repository}-cache`,
        ARCHITECTURE: architecture,
        SBOM: 'true',
      };
      expect(await projectOf(`${IMAGES.buildProject}-${architecture}`)).toMatchObject({
        source: { type: 'CODEPIPELINE', buildspec: 'buildspec.yml' },
        environment: {
          type,
          image: expect.stringMatching(image),
          computeType: 'BUILD_GENERAL1_SMALL',
          privilegedMode: true,
          environmentVariables: expect.arrayContaining(variablesOf(variables)),
        },
      });
    });

    test.each(['deployProject', 'redeployProject'] as const)(
      'the %s knows every pipeline',
      async (which) => {
        const variables = deployerVariables({
          deliveryPaths: Object.keys(blueprint.environments.two?.pipelines ?? {}).map(
            (pipeline) => `/spillway/two/${pipeline}/delivery/`,
          ),
          keptRevisions: 10,
          canaryTimeoutMinutes: 10,
        });
        expect(await projectOf(NAMES.two?.[which])).toMatchObject({
          source: { buildspec: expect.stringContaining('node deployer/dist/main.js') },
          environment: { environmentVariables: expect.arrayContaining(variablesOf(variables)) },
        });
      },
    );

    test('cdktf destroy leaves nothing of it', async () => {
      const ofDelivery = async () => {
        const { repositories, projects, rules, topics } = await takeInventory(moto.endpoint);
        return [
          repositories,
          projects,
          // A wake-up belongs to the stack before it.
          rules?.filter((rule) => !rule.endsWith('-wake')),
          topics?.filter((topic) => topic.endsWith('-delivery')),
        ];
      };
      expect(await ofDelivery()).not.toContainEqual([]);
      await cdktfUnasked(project, 'destroy', ...DELIVERIES);
      expect(await ofDelivery()).toEqual([[], [], [], []]);
      await expect(pipelineOf('hardened')).rejects.toThrow('PipelineNotFoundException');
    }, 240_000);
  },
);

/** What a user does in the console; here only the state knows it. */
async function confirmConnection(project: Project, stack: string): Promise<void> {
  const state = JSON.parse(await terraform(project, stack, 'state', 'pull'));
  const [connection] = state.resources.filter(
    ({ type }: { readonly type: string }) => type === 'aws_codeconnections_connection',
  );
  connection.instances[0].attributes.connection_status = 'AVAILABLE';
  const folder = join(project.path, 'cdktf.out', 'stacks', stack);
  const file = join(folder, 'confirmed.json');
  await writeFile(file, JSON.stringify({ ...state, serial: state.serial + 1 }));
  await terraform(project, stack, 'state', 'push', file);
}

function actionsOf({ stages }: MotoPipeline) {
  return stages.flatMap((stage) =>
    stage.actions.map(({ name, actionTypeId }) => [stage.name, name, actionTypeId.provider]),
  );
}

function variablesOf(variables: Readonly<Record<string, string | undefined>>) {
  return Object.entries(variables).map(([name, value]) => expect.objectContaining({ name, value }));
}
