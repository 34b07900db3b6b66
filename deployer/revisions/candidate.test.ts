import fc from 'fast-check';
import { digestOf } from '../../test/fakes/account';
import { FakeAccount, uriOf } from '../../test/fakes/deployer/fake-account';
import type { Revision, TaskDefinition } from '../ports';
import {
  candidateOf,
  imageOfDigest,
  imageOfRevision,
  makeSameTasks,
  registrable,
} from './candidate';

const target = new FakeAccount().addPipeline('photos');
const image = imageOfDigest(target, digestOf(1), 'c0ffee');

const revisionOf = (definition: TaskDefinition, tags: Revision['tags'] = {}): Revision => ({
  name: 'template:1',
  arn: target.templateRevision,
  isActive: true,
  definition,
  tags,
});

/** Any field that ECS may have one day, whatever it holds. */
const anyFields = fc.dictionary(
  fc.stringMatching(/^x[A-Za-z]{0,12}$/),
  fc.jsonValue().filter((value) => value !== null),
);

describe('a candidate', () => {
  test('loses no field of its template, of the task or of a container, known or unknown', () => {
    fc.assert(
      fc.property(anyFields, anyFields, anyFields, (task, worker, sidecar) => {
        const containers = [
          { ...sidecar, name: 'sidecar', image: 'sidecar:1', environment: [] },
          { ...worker, name: 'worker', image: 'worker:none', environment: [] },
        ];
        const described = {
          ...task,
          family: 'template',
          containerDefinitions: containers,
          taskDefinitionArn: 'arn',
          revision: 1,
          status: 'ACTIVE',
          requiresAttributes: [],
          compatibilities: ['FARGATE'],
          registeredAt: 1,
          registeredBy: 'an operator',
        };
        expect(candidateOf(revisionOf(registrable(described)), target, image).definition).toEqual({
          ...task,
          family: target.taskFamily,
          containerDefinitions: [containers[0], { ...containers[1], image: uriOf(1) }],
        });
      }),
    );
  });

  const plain = {
    family: 'template',
    containerDefinitions: [{ name: 'worker', image: 'x', environment: [] }],
  };

  test("has its template's tags without AWS's own, and says where it comes from", () => {
    const { tags } = candidateOf(
      revisionOf(plain, { team: 'a', 'aws:cloudformation:stack-name': 's' }),
      target,
      image,
    );
    expect(tags).toEqual({
      team: 'a',
      'spillway:template': target.templateRevision,
      'spillway:image-digest': digestOf(1),
      'spillway:commit': 'c0ffee',
    });
  });

  test('has a commit that a tag can hold', () => {
    const odd = imageOfDigest(target, digestOf(1), `v1{x}#é ${'y'.repeat(300)}`);
    const { tags } = candidateOf(revisionOf(plain), target, odd);
    expect(tags['spillway:commit']).toHaveLength(256);
    expect(tags['spillway:commit']).toMatch(/^v1_x__é y+$/);
  });

  test('fails when its template has no worker, naming the containers that there are', () => {
    const other = {
      family: 'f',
      containerDefinitions: [{ name: 'web', image: 'x', environment: [] }],
    };
    expect(() => candidateOf(revisionOf(other), target, image)).toThrow(
      'template:1 has no container worker, its containers are: web.',
    );
  });
});

describe('the image of a revision', () => {
  const running = (uri: string, tags: Revision['tags'] = {}) =>
    imageOfRevision(
      target,
      revisionOf(
        { family: 'f', containerDefinitions: [{ name: 'worker', image: uri, environment: [] }] },
        tags,
      ),
    );

  test('has a digest and its commit when it lies in the repository', () => {
    expect(running(uriOf(1), { 'spillway:commit': 'c0ffee' })).toEqual(image);
  });

  test('has no digest when it lies elsewhere', () => {
    expect(running(`elsewhere/worker@${digestOf(1)}`)).toEqual({
      uri: `elsewhere/worker@${digestOf(1)}`,
    });
  });
});

/** What ECS answers for a worker, with fields that only it fills left out. */
const PROMOTED: TaskDefinition = {
  family: 'spillway-dev-photos-worker',
  cpu: '1024',
  memory: '2048',
  networkMode: 'awsvpc',
  taskRoleArn: 'arn:aws:iam::123456789012:role/worker',
  executionRoleArn: 'arn:aws:iam::123456789012:role/start',
  runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
  volumes: [{ name: 'scratch', host: {} }],
  containerDefinitions: [
    {
      name: 'worker',
      image: 'worker@sha256:1',
      command: ['--one', '--two'],
      environment: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
      mountPoints: [{ sourceVolume: 'scratch', containerPath: '/scratch' }],
      stopTimeout: 120,
      linuxParameters: { capabilities: { add: [], drop: ['ALL'] } },
      portMappings: [],
    },
  ],
};
const worker = PROMOTED.containerDefinitions[0] as TaskDefinition['containerDefinitions'][number];
const withWorker = (fields: object): TaskDefinition => ({
  ...PROMOTED,
  containerDefinitions: [{ ...worker, ...fields }],
});

describe('the same tasks are made', () => {
  test.each<[string, TaskDefinition]>([
    ['by the same definition', structuredClone(PROMOTED)],
    [
      'whatever the order of the variables',
      withWorker({ environment: [...worker.environment].reverse() }),
    ],
    [
      'whether an empty list is said or left out',
      withWorker({ portMappings: undefined, secrets: [] }),
    ],
    [
      'whatever the order of the fields',
      Object.fromEntries(Object.entries(PROMOTED).reverse()) as never,
    ],
    ['whether a volume says its empty host', { ...PROMOTED, volumes: [{ name: 'scratch' }] }],
    [
      'whether no capability is added or none is said',
      withWorker({ linuxParameters: { capabilities: { drop: ['ALL'] } } }),
    ],
  ])('%s', (_what, other) => {
    expect(makeSameTasks(PROMOTED, other)).toBe(true);
  });
});

describe('other tasks are made by another', () => {
  test.each<[string, TaskDefinition]>([
    ['image', withWorker({ image: 'worker@sha256:2' })],
    ['variable', withWorker({ environment: [{ name: 'A', value: '1' }] })],
    [
      'value of a variable',
      withWorker({
        environment: [
          { name: 'A', value: '2' },
          { name: 'B', value: '2' },
        ],
      }),
    ],
    ['order of a command', withWorker({ command: ['--two', '--one'] })],
    ['stop timeout', withWorker({ stopTimeout: 60 })],
    ['mount', withWorker({ mountPoints: [{ sourceVolume: 'scratch', containerPath: '/tmp' }] })],
    ['log configuration', withWorker({ logConfiguration: { logDriver: 'awslogs' } })],
    ['cpu', { ...PROMOTED, cpu: '2048' }],
    ['memory', { ...PROMOTED, memory: '4096' }],
    ['task role', { ...PROMOTED, taskRoleArn: 'arn:aws:iam::123456789012:role/other' }],
    ['execution role', { ...PROMOTED, executionRoleArn: 'arn:aws:iam::123456789012:role/other' }],
    ['network mode', { ...PROMOTED, networkMode: 'bridge' }],
    ['architecture', { ...PROMOTED, runtimePlatform: { cpuArchitecture: 'X86_64' } }],
    ['volume', { ...PROMOTED, volumes: [] }],
    ['ephemeral storage', { ...PROMOTED, ephemeralStorage: { sizeInGiB: 30 } }],
    ['container', { ...PROMOTED, containerDefinitions: [worker, { ...worker, name: 'sidecar' }] }],
  ])('%s', (_what, other) => {
    expect(makeSameTasks(PROMOTED, other)).toBe(false);
  });

  test('field that is unknown today, whatever it holds', () => {
    const values = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    const anywhere = fc.oneof(values, fc.array(values, { minLength: 1 }), fc.record({ y: values }));
    fc.assert(fc.property(anywhere, (x) => !makeSameTasks(PROMOTED, withWorker({ x }))));
  });
});
