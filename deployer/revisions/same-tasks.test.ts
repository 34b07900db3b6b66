import fc from 'fast-check';
import type { TaskDefinition } from '../ports';
import { makeSameTasks } from './same-tasks';

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
