import { ECSClient } from '@aws-sdk/client-ecs';
import { fakePort } from '../../test/fakes/aws-server';
import { createTaskDefinitions } from './task-definitions';

const { open: client, calls } = fakePort((options) => new ECSClient(options));

const ARN = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/dev-photos-worker:7';
const WORKER = {
  name: 'worker',
  image: 'registry/worker@sha256:1',
  environment: [{ name: 'A', value: '1' }],
  fieldOfTomorrow: { deep: [1, { deeper: true }] },
};
const DESCRIBED = {
  taskDefinitionArn: ARN,
  family: 'dev-photos-worker',
  revision: 7,
  status: 'ACTIVE',
  registeredAt: 1_700_000_000.5,
  registeredBy: 'arn:aws:iam::123456789012:role/deploy',
  requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.docker-remote-api.1.19' }],
  compatibilities: ['EC2', 'FARGATE'],
  cpu: '1024',
  anotherFieldOfTomorrow: 'kept',
  containerDefinitions: [WORKER],
};
const TAKEN = {
  family: 'dev-photos-worker',
  cpu: '1024',
  anotherFieldOfTomorrow: 'kept',
  containerDefinitions: [WORKER],
};

describe('task definitions', () => {
  test('are described as they can be registered, also with new fields', async () => {
    const ecs = await client({
      DescribeTaskDefinition: () => ({
        body: { taskDefinition: DESCRIBED, tags: [{ key: 'a', value: 'b' }, { key: 'empty' }] },
      }),
    });
    expect(await createTaskDefinitions(ecs).describe('dev-photos-worker:7')).toEqual({
      name: 'dev-photos-worker:7',
      arn: ARN,
      isActive: true,
      registeredAt: 1_700_000_000_500,
      definition: TAKEN,
      tags: { a: 'b', empty: '' },
    });
    expect(calls()[0]?.input).toEqual({ taskDefinition: 'dev-photos-worker:7', include: ['TAGS'] });
  });

  test('are registered whole, fields that the SDK does not know among them', async () => {
    const ecs = await client({
      RegisterTaskDefinition: () => ({
        body: { taskDefinition: { ...DESCRIBED, status: 'INACTIVE' } },
      }),
    });
    const revision = await createTaskDefinitions(ecs).register(TAKEN, { a: 'b' });
    expect(calls()[0]?.input).toEqual({ ...TAKEN, tags: [{ key: 'a', value: 'b' }] });
    expect(revision).toMatchObject({ name: 'dev-photos-worker:7', isActive: false, tags: {} });
  });

  test('are absent where ECS has none', async () => {
    const ecs = await client({
      DescribeTaskDefinition: () => ({
        status: 400,
        type: 'ClientException',
        message: 'Unable to describe.',
      }),
    });
    expect(await createTaskDefinitions(ecs).describe('unknown:1')).toBeUndefined();
  });

  test('fails when ECS denies a description', async () => {
    const ecs = await client({
      DescribeTaskDefinition: () => ({ status: 400, type: 'AccessDeniedException', message: 'no' }),
    });
    await expect(createTaskDefinitions(ecs).describe('a:1')).rejects.toThrow('no');
  });

  test('are listed from every page, newest first, without longer names of families', async () => {
    const arn = (name: string) => ARN.replace('dev-photos-worker:7', name);
    const ecs = await client({
      ListTaskDefinitions: ({ nextToken }) => ({
        body: nextToken
          ? { taskDefinitionArns: [arn('dev-photos-worker:1')] }
          : {
              taskDefinitionArns: [arn('dev-photos-worker:2'), arn('dev-photos-worker-template:9')],
              nextToken: 'x',
            },
      }),
    });
    const listed = await createTaskDefinitions(ecs).list('dev-photos-worker');
    expect(listed).toEqual([arn('dev-photos-worker:2'), arn('dev-photos-worker:1')]);
    expect(calls()[0]?.input).toEqual({
      familyPrefix: 'dev-photos-worker',
      status: 'ACTIVE',
      sort: 'DESC',
    });
  });

  test('are deregistered by name', async () => {
    const ecs = await client({ DeregisterTaskDefinition: () => ({ body: {} }) });
    await createTaskDefinitions(ecs).deregister('a:1');
    expect(calls()[0]?.input).toEqual({ taskDefinition: 'a:1' });
  });
});
