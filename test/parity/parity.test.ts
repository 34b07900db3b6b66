import { startEmulator } from '../../local/emulator/start-emulator';
import type { Emulator } from '../../local/ports';
import { provision } from '../../local/provision/provision';
import type { WakeUps } from '../../local/provision/wake-ups';
import { type AwsClients, awsClients } from '../emulator/clients';
import { deployedFields } from './deployed';
import { differences, inRoles } from './fields';
import { localFields } from './local';
import { deployedWakeUps, localWakeUps } from './wake-ups';

const NETWORK = 'there is no network on one machine';

/** All in which a pipeline on one machine is made differently, and why. */
const MEANT: Readonly<Record<string, string>> = {
  'work.managedEncryption': 'the emulator keeps no secret',
  'work.policy.TlsOnly': 'the emulator speaks no TLS',
  'deadLetters.managedEncryption': 'the emulator keeps no secret',
  'deadLetters.policy.TlsOnly': 'the emulator speaks no TLS',
  'deadLetters.redriveAllow': 'no other queue on the emulator belongs to anybody else',
  'task.family': 'nothing is built, so that no template is needed',
  'task.platform': 'the worker runs on whatever this machine is',
  'task.taskRole': 'the emulator judges no permission',
  'task.executionRole': 'nothing is pulled, and the task runner reads the output itself',
  'task.container.image': 'the task runner starts the bundle',
  'task.container.logConfiguration': 'the task runner reads the output itself',
  'task.container.cpu': 'the emulator adds a zero',
  'task.container.environment.IDLE_EXIT_SECONDS':
    'the end of a run waits for it, and a restart costs nothing',
  'task.container.environment.JOB_CONCURRENCY': 'all tasks share the CPUs of one machine',
  'parameters.task-definition.value':
    'nothing is built, so that the only revision is promoted at once',
  'function.architectures': 'the function runs on whatever this machine is',
  'function.environment.JOBS_AT_A_TIME': 'all tasks share the CPUs of the machine',
  'function.environment.JOBS_PER_TASK':
    'a task starts in half a second, and no minute of it is billed',
  'function.environment.SUBNETS': NETWORK,
  'function.environment.SECURITY_GROUPS': NETWORK,
  'function.environment.ASSIGN_PUBLIC_IP': NETWORK,
};

describe('a pipeline on one machine', () => {
  let emulator: Emulator;
  let clients: AwsClients;

  beforeAll(async () => {
    emulator = await startEmulator();
    clients = awsClients(emulator.endpoint);
  }, 60_000);

  afterAll(async () => {
    clients?.destroy();
    await emulator?.stop();
  });

  test('is the deployed one, field by field, except what is meant to differ', async () => {
    const local = await localFields(clients, await provision(emulator.endpoint));
    expect([...differences(deployedFields(), local)].sort()).toEqual(Object.keys(MEANT).sort());
  });

  test('is woken by uploads as the deployed one is', async () => {
    const pipeline = await provision(emulator.endpoint, { wake: 'event', wakeTasks: 2 });
    const wakeUps = pipeline.wakeUps as WakeUps;
    const deployed = deployedWakeUps();
    expect(await localWakeUps(clients, pipeline, wakeUps)).toEqual(deployed);
    expect(deployed).toMatchObject({ bucketSendsEvents: true, tasks: '2' });
  });
});

describe('differences', () => {
  test('names what differs and what is only on one side, and keeps silent about the rest', () => {
    const one = { a: { b: 1, c: [1, 2] }, d: 1 };
    expect(differences(one, { a: { b: 2, c: [1, 2] }, e: 1 })).toEqual(['a.b', 'd', 'e']);
    expect(differences(one, structuredClone(one))).toEqual([]);
  });

  test('does not look at the order of names, but at that of a list', () => {
    expect(differences([{ a: 1, b: 2 }], [{ b: 2, a: 1 }])).toEqual([]);
    expect(differences({ list: [1, 2] }, { list: [2, 1] })).toEqual(['list']);
  });
});

describe('inRoles', () => {
  const here = { first: '<one>', second: '<two>' };
  const there = { eins: '<one>', zwei: '<two>' };

  test('makes the same of two names with one role, however deep they are', () => {
    const one = inRoles({ a: ['first'], b: { c: 'second' } }, here);
    expect(differences(one, inRoles({ a: ['eins'], b: { c: 'zwei' } }, there))).toEqual([]);
  });

  test('leaves a difference where two names have changed places', () => {
    const one = inRoles({ a: 'first', b: 'second' }, here);
    expect(differences(one, inRoles({ a: 'zwei', b: 'eins' }, there))).toEqual(['a', 'b']);
  });
});
