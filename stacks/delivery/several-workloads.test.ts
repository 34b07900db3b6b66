import { delivery } from '../../test/fakes/stacks/delivery-in-stack';
import { resourceAt, statementsOf } from '../../test/fakes/stacks/queue-processing-in-stack';
import { allOf, onlyOf } from '../../test/fakes/stacks/synthesised';

const PIPELINES = {
  photos: {},
  scans: { architecture: 'x86_64' },
  scenes: { architecture: 'x86_64', workload: 'povray' },
} as const;
const stack = delivery({ pipelines: PIPELINES });
const idsOf = (type: string, { resources } = stack) => Object.keys(resources[type] ?? {});
const stagesOf = ({ resources }: typeof stack) =>
  onlyOf(resources, 'aws_codepipeline').stage as {
    action: { configuration: Record<string, string>; [field: string]: unknown }[];
  }[];
const stages = stagesOf(stack);

test('each workload in use has a repository of its own, with a cache', () => {
  expect(
    allOf(stack.resources, 'aws_ecr_repository')
      .map(({ name }) => name)
      .sort(),
  ).toEqual([
    'spillway-dev-worker',
    'spillway-dev-worker-cache',
    'spillway-dev-worker-cache/povray',
    'spillway-dev-worker/povray',
  ]);
  expect(Object.keys(stack.output)).toEqual(
    expect.arrayContaining(['image_repository', 'image_repository_povray']),
  );
});

test('each repository keeps the promoted images of its own pipelines', () => {
  const promoted = (path: string) =>
    [
      ...`${resourceAt(stack, 'aws_ecr_lifecycle_policy', path).policy}`.matchAll(
        /promoted\.(\w+)\.,?"/g,
      ),
    ].map(([, pipeline]) => pipeline);
  expect(new Set(promoted('images_images-lifecycle'))).toEqual(new Set(['photos', 'scans']));
  expect(new Set(promoted('images-povray_images-lifecycle'))).toEqual(new Set(['scenes']));
});

test('a workload is built for the architectures of its pipelines, into its repository', () => {
  const projects = allOf(stack.resources, 'aws_codebuild_project').map(({ name }) => name);
  expect(projects.filter((name) => /-build-/.test(`${name}`))).toEqual([
    'spillway-dev-build-arm64',
    'spillway-dev-build-povray-x86_64',
    'spillway-dev-build-x86_64',
  ]);
  const { environment } = resourceAt(
    stack,
    'aws_codebuild_project',
    'build-povray-x86_64_project',
  ) as { environment: { environment_variable: object[] } };
  expect(environment.environment_variable).toEqual(
    expect.arrayContaining([
      { name: 'WORKLOAD', value: 'povray' },
      { name: 'REPOSITORY_URI', value: '<images-povray_images repository_url>' },
      { name: 'CACHE_REPOSITORY_URI', value: '<images-povray_cache repository_url>' },
    ]),
  );
  const log = resourceAt(stack, 'aws_cloudwatch_log_group', 'build-povray-x86_64_log');
  expect(log.name).toBe('/spillway/dev/delivery/build-povray-x86_64');
});

test('a build may push to the repository of its own workload, and to no other', () => {
  const pushed = (project: string) =>
    statementsOf(resourceAt(stack, 'aws_iam_role_policy', `${project}_role_policy`))
      .filter(({ Sid }) => /PushImages|ShareLayers/.test(`${Sid}`))
      .flatMap(({ Resource }) => Resource);
  expect(pushed('build-arm64')).toEqual(['<images arn>', '<images_cache arn>']);
  const own = ['<images-povray_images arn>', '<images-povray_cache arn>'];
  expect(pushed('build-povray-x86_64')).toEqual(own);
  const deployer = statementsOf(resourceAt(stack, 'aws_iam_role_policy', 'deploy_role_policy'));
  const tag = deployer.find(({ Sid }) => Sid === 'TagImages');
  expect(tag?.Resource).toEqual(['<images arn>', '<images-povray_images arn>']);
});

test('the stage Build builds all, one after the other, and Deploy is told each digest', () => {
  expect(
    stages[1]?.action.map(({ name, namespace, run_order }) => [name, namespace, run_order]),
  ).toEqual([
    ['BuildArm64', 'BuildArm64', 1],
    ['BuildX8664', 'BuildX8664', 2],
    ['BuildX8664-povray', 'BuildX8664-povray', 3],
  ]);
  expect(JSON.parse(stages[2]?.action[0]?.configuration.EnvironmentVariables ?? '')).toEqual([
    { name: 'IMAGE_DIGEST_ARM64', value: '#{BuildArm64.IMAGE_DIGEST}', type: 'PLAINTEXT' },
    {
      name: 'IMAGE_DIGEST_X86_64',
      value: '#{BuildX8664.IMAGE_DIGEST},povray=#{BuildX8664-povray.IMAGE_DIGEST}',
      type: 'PLAINTEXT',
    },
    { name: 'COMMIT', value: '#{Source.VersionId}', type: 'PLAINTEXT' },
  ]);
});

test('the target of a pipeline names its workload and its repository', () => {
  const { value } = resourceAt(stack, 'aws_ssm_parameter', 'pipeline-scenes_parameters_target');
  expect(JSON.parse(`${value}`)).toMatchObject({
    workload: 'povray',
    repository: '<images-povray_images name>',
    repositoryUri: '<images-povray_images repository_url>',
  });
});

test('a workload that is added changes no address of what was there', () => {
  const { scenes: _scenes, ...before } = PIPELINES;
  const alone = delivery({ pipelines: before });
  for (const type of Object.keys(alone.resources))
    expect(idsOf(type)).toEqual(expect.arrayContaining(idsOf(type, alone)));
});

test('an environment whose only workload is another one has nothing of the default one', () => {
  const other = delivery({ pipelines: { scenes: { workload: 'povray' } } });
  const names = allOf(other.resources, 'aws_ecr_repository').map(({ name }) => name);
  expect(names).toEqual(['spillway-dev-worker-cache/povray', 'spillway-dev-worker/povray']);
  expect(other.output.deploy_image_command?.value).toContain(
    'name=IMAGE_DIGEST_ARM64,value=povray=sha256:… ',
  );
});

test('the digests fit for ten pipelines and the longest names into what an action takes', () => {
  const names = Array.from({ length: 10 }, (_, n) => `p${n}`);
  const workloads = Object.fromEntries(names.map((name) => [name, name.padEnd(25, '-workload')]));
  const full = delivery(
    {
      delivery: { source: 'connection', repository: 'acme/spillway' },
      pipelines: Object.fromEntries(
        names.map((name, n) => [name, { architecture: n % 2 ? 'arm64' : 'x86_64' } as const]),
      ),
    },
    workloads,
  );
  const { configuration } = stagesOf(full)[2]?.action[0] ?? {};
  // https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html
  expect(configuration?.EnvironmentVariables?.length).toBeLessThanOrEqual(1000);
});
