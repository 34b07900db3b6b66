import { readEnvironment } from '../../application-code/worker/src/environment';
import { DEFAULT_WORKLOAD, recipeOf } from '../../application-code/workloads';
import {
  queueProcessing,
  resourceAt,
  statementsOf,
} from '../../test/fakes/stacks/queue-processing-in-stack';
import { onlyOf } from '../../test/fakes/stacks/synthesised';
import type { EnvironmentInput } from '../config/blueprint-config';

const workload = { name: DEFAULT_WORKLOAD, recipe: recipeOf(DEFAULT_WORKLOAD) };
const withPhotos = (photos: NonNullable<EnvironmentInput['pipelines']>[string]) =>
  queueProcessing({ pipelines: { photos } });
const taskDefinition = ({ resources }: ReturnType<typeof queueProcessing>) =>
  onlyOf(resources, 'aws_ecs_task_definition');
const container = (stack: ReturnType<typeof queueProcessing>) =>
  JSON.parse(`${taskDefinition(stack).container_definitions}`)[0];
const variables = (stack: ReturnType<typeof queueProcessing>): Record<string, string> =>
  Object.fromEntries(
    container(stack).environment.map((one: { name: string; value: string }) => [
      one.name,
      one.value,
    ]),
  );

describe('the task definition', () => {
  const stack = queueProcessing();

  test('is a Fargate task on ARM64, created before the old revision goes', () => {
    expect(taskDefinition(stack)).toMatchObject({
      family: 'spillway-dev-photos-worker-template',
      requires_compatibilities: ['FARGATE'],
      network_mode: 'awsvpc',
      cpu: '1024',
      memory: '2048',
      runtime_platform: { cpu_architecture: 'ARM64', operating_system_family: 'LINUX' },
      lifecycle: { create_before_destroy: true },
      tags: { 'spillway:environment': 'dev', 'spillway:pipeline': 'photos' },
    });
  });

  test('has a fingerprint of all its arguments except tags, which do not change a task', () => {
    const { lifecycle: _lifecycle, tags: _tags, ...told } = taskDefinition(stack);
    const local = (id: string) =>
      Object.entries(stack.locals).find(([name]) =>
        name.startsWith(`pipeline-photos_task_${id}`),
      ) ?? [];
    const [name, settings] = local('') as [string, object];
    const snake = (text: string) => text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const named = Object.entries(settings).map(([key, value]) => [snake(key), value]);
    expect(Object.keys(Object.fromEntries(named)).sort()).toEqual(Object.keys(told).sort());
    expect(Object.fromEntries(named).container_definitions).toBe(told.container_definitions);
    expect(local('fingerprint_')[1]).toBe(`\${sha256(jsonencode(local.${name}))}`);
  });

  test('with an image in the settings is no template, but a revision for the scaler', () => {
    const { family, container_definitions } = taskDefinition(
      withPhotos({ image: 'ghcr.io/acme/worker:1' }),
    );
    expect(family).toBe('spillway-dev-photos-worker');
    expect(JSON.parse(`${container_definitions}`)[0].image).toBe('ghcr.io/acme/worker:1');
  });

  test('restricts the container: ordinary user, read-only root, one volume, no capability', () => {
    expect(taskDefinition(stack).volume).toEqual([{ name: 'scratch' }]);
    expect(container(stack)).toMatchObject({
      user: '10001:10001',
      privileged: false,
      readonlyRootFilesystem: true,
      stopTimeout: 120,
      linuxParameters: { initProcessEnabled: true, capabilities: { drop: ['ALL'] } },
      mountPoints: [{ sourceVolume: 'scratch', containerPath: '/scratch', readOnly: false }],
    });
  });

  test('writes its log into a group with retention', () => {
    expect(container(stack).logConfiguration.options['awslogs-group']).toBe(
      '<pipeline-photos_task_log name>',
    );
    expect(resourceAt(stack, 'aws_cloudwatch_log_group', 'pipeline-photos_task_log')).toEqual({
      name: '/spillway/dev/photos/worker',
      retention_in_days: 30,
    });
  });

  test('sets variables that the worker accepts', () => {
    const read = readEnvironment(workload, {
      ...variables(stack),
      // Only AWS knows these values.
      QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/work',
      DEAD_LETTER_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/dead',
      SOURCE_BUCKET: 'the-source',
      DESTINATION_BUCKET: 'the-destination',
    });
    expect(read).toMatchObject({
      sourcePrefix: 'ecsproc/',
      destinationPrefix: 'processed/',
      expectedBucketOwner: '123456789012',
      memoryLimitMiB: 2048,
    });
    expect(variables(stack)).toMatchObject({
      QUEUE_URL: '<pipeline-photos_queue_work url>',
      DEAD_LETTER_QUEUE_URL: '<pipeline-photos_queue_dead-letters url>',
      SOURCE_BUCKET: '<buckets_photos-source_bucket id>',
      DESTINATION_BUCKET: '<buckets_photos-destination_bucket id>',
    });
  });

  test('runs on x86 when the settings say so', () => {
    expect(taskDefinition(withPhotos({ architecture: 'x86_64' })).runtime_platform).toMatchObject({
      cpu_architecture: 'X86_64',
    });
  });

  test.each([
    [20, undefined],
    [21, { size_in_gib: 21 }],
    [200, { size_in_gib: 200 }],
  ])(
    'requests ephemeral storage of %i GiB only above the free 20',
    (ephemeralStorageGiB, block) => {
      expect(taskDefinition(withPhotos({ ephemeralStorageGiB })).ephemeral_storage).toEqual(block);
    },
  );
});

describe('the execution role', () => {
  const sids = (image: string) =>
    statementsOf(
      resourceAt(
        withPhotos({ image }),
        'aws_iam_role_policy',
        'pipeline-photos_task_execution-role_policy',
      ),
    ).map(({ Sid, Resource }) => [Sid, Resource]);

  test('may pull only from the repository of the ECR image', () => {
    expect(sids('210987654321.dkr.ecr.eu-west-1.amazonaws.com/worker:7')).toContainEqual([
      'PullImage',
      ['arn:aws:ecr:eu-west-1:210987654321:repository/worker'],
    ]);
  });

  test('has no permission in ECR for an image outside ECR', () => {
    expect(sids('ghcr.io/acme/worker:1').map(([sid]) => sid)).toEqual(['WriteLog']);
  });
});

test('the security group allows HTTPS out and nothing in', () => {
  const { ingress, egress, vpc_id } = onlyOf(queueProcessing().resources, 'aws_security_group');
  expect(vpc_id).toBe('vpc-1');
  expect(ingress).toBeUndefined();
  expect(egress).toEqual([
    expect.objectContaining({
      protocol: 'tcp',
      from_port: 443,
      to_port: 443,
      cidr_blocks: ['0.0.0.0/0'],
    }),
  ]);
});
