import { ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs';
import { clientSettings } from '../aws/clients';
import { startEmulator } from '../emulator/start-emulator';
import type { Emulator, Pipeline } from '../ports';
import { provision } from '../provision/provision';
import { type EcsProxy, startEcsProxy } from './ecs-proxy';

describe('RunTask through the ECS proxy, on the emulator', () => {
  let emulator: Emulator;
  let proxy: EcsProxy;
  let pipeline: Pipeline;
  let ecs: ECSClient;

  beforeAll(async () => {
    emulator = await startEmulator();
    proxy = await startEcsProxy(emulator.endpoint);
    const settings = { schedule: false, ecsEndpoint: proxy.endpoint };
    pipeline = await provision(emulator.endpoint, settings);
    ecs = new ECSClient(clientSettings(proxy.endpoint));
  }, 120_000);

  afterAll(async () => {
    // `beforeAll` may have failed half-way. An emulator that continues would keep jest alive.
    ecs?.destroy();
    await proxy?.stop();
    await emulator?.stop();
  });

  const launch = async (input: object = {}) => {
    const { cluster, taskFamily: taskDefinition } = pipeline;
    const { tasks = [] } = await ecs.send(
      new RunTaskCommand({ cluster, taskDefinition, ...input }),
    );
    return tasks;
  };

  test("splits a launch that names no provider by the cluster's default strategy", async () => {
    const tasks = await launch({ count: 7 });
    const providers = tasks.map(({ capacityProviderName }) => capacityProviderName);
    // Base 2, then 1 : 4.
    expect(providers.filter((provider) => provider === 'FARGATE')).toHaveLength(3);
    expect(providers.filter((provider) => provider === 'FARGATE_SPOT')).toHaveLength(4);
  });

  test('fails when more than ten tasks are asked for in one call, as ECS does', async () => {
    await expect(launch({ count: 11 })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  test('launches once for a client token, and refuses the token for anything else', async () => {
    const [first] = await launch({ clientToken: 'minute-1' });
    const [again] = await launch({ clientToken: 'minute-1' });
    expect(again?.taskArn).toBe(first?.taskArn);
    await expect(launch({ clientToken: 'minute-1', count: 2 })).rejects.toMatchObject({
      name: 'ConflictException',
    });
  });

  test('forwards unchanged what it has nothing to add to, and errors', async () => {
    await expect(launch({ taskDefinition: 'no-such-family' })).rejects.toThrow(
      'Unable to find task definition',
    );
  });
});
