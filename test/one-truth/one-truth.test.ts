import { type Clients, createClients } from '../../local/aws/clients';
import { startEmulator } from '../../local/emulator/start-emulator';
import type { Emulator } from '../../local/ports';
import { provision } from '../../local/provision/provision';
import { deployedFields } from './deployed';
import { differences } from './fields';
import { localFields } from './local';

const NAMES = 'is another name, URL or account';
const NETWORK = 'there is no network on one machine';

/** All in which a pipeline on one machine is made differently, and why. */
const MEANT: Readonly<Record<string, string>> = {
  'work.managedEncryption': 'the emulator keeps no secret',
  'deadLetters.managedEncryption': 'the emulator keeps no secret',
  'task.cpuArchitecture': 'the worker runs on whatever this machine is',
  'task.container.image': 'no image is pulled',
  'task.container.logConfiguration': 'the task runner reads the output itself',
  'task.container.cpu': 'the emulator adds a zero',
  'task.container.environment.QUEUE_URL': NAMES,
  'task.container.environment.DEAD_LETTER_QUEUE_URL': NAMES,
  'task.container.environment.SOURCE_BUCKET': NAMES,
  'task.container.environment.DESTINATION_BUCKET': NAMES,
  'task.container.environment.ENVIRONMENT': NAMES,
  'task.container.environment.PIPELINE': NAMES,
  'parameters.task-definition': 'nothing is built, so that the only revision is promoted at once',
  'function.architectures': 'the function runs on whatever this machine is',
  'function.environment.PIPELINE': NAMES,
  'function.environment.ENVIRONMENT': NAMES,
  'function.environment.PARAMETER_PATH': NAMES,
  'function.environment.QUEUE_URL': NAMES,
  'function.environment.CLUSTER': NAMES,
  'function.environment.TASK_FAMILY': NAMES,
  'function.environment.SUBNETS': NETWORK,
  'function.environment.SECURITY_GROUPS': NETWORK,
  'function.environment.ASSIGN_PUBLIC_IP': NETWORK,
};

describe('a pipeline on one machine', () => {
  let emulator: Emulator;
  let clients: Clients;

  beforeAll(async () => {
    emulator = await startEmulator();
    clients = createClients(emulator.endpoint);
  }, 60_000);

  afterAll(async () => {
    clients?.destroy();
    await emulator?.stop();
  });

  test('is the deployed one, field by field, but for what is meant to differ', async () => {
    const local = await localFields(clients, await provision(emulator.endpoint));
    expect([...differences(deployedFields(), local)].sort()).toEqual(Object.keys(MEANT).sort());
  });
});

describe('differences', () => {
  test('names what differs and what is only on one side, and keeps silent about the rest', () => {
    const one = { a: { b: 1, c: [1, 2] }, d: 1 };
    expect(differences(one, { a: { b: 2, c: [1, 2] }, e: 1 })).toEqual(['a.b', 'd', 'e']);
    expect(differences(one, structuredClone(one))).toEqual([]);
  });
});
