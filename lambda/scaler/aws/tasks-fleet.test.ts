import { ECSClient } from '@aws-sdk/client-ecs';
import { clientOptions, FakeAws } from '../../../test/fakes/aws-server';
import { TASK_SETTINGS } from '../../../test/fakes/scaler/examples';
import { createFleet } from './tasks';

let aws: FakeAws;
afterEach(() => aws.stop());

async function fleetOf(...tasks: readonly object[]) {
  const taskArns = tasks.map((_task, index) => `t${index}`);
  aws = await FakeAws.start({
    ListTasks: () => ({ body: { taskArns, nextToken: '2' } }),
    DescribeTasks: () => ({ body: { tasks } }),
  });
  return createFleet(new ECSClient(clientOptions(aws)), TASK_SETTINGS);
}

const OURS = { startedBy: 'spillway-scaler', lastStatus: 'RUNNING' };

describe('the fleet', () => {
  test.each([
    ['one that runs', true, [OURS]],
    ['one that is pending', true, [{ ...OURS, lastStatus: 'PROVISIONING' }]],
    ['one of ours beside a canary', true, [{ ...OURS, startedBy: 'canary' }, OURS]],
    ['a canary alone', false, [{ ...OURS, startedBy: 'canary' }]],
    ['one that stops', false, [{ ...OURS, lastStatus: 'DEPROVISIONING' }]],
    ['none', false, []],
  ])('with %s is active: %s', async (_what, isActive, tasks) => {
    const fleet = await fleetOf(...tasks);
    expect(await fleet.isActive()).toBe(isActive);
  });

  test('is asked about one page of ten tasks, however large it is', async () => {
    await (await fleetOf(OURS)).isActive();
    expect(aws.calls.map(({ operation }) => operation)).toEqual(['ListTasks', 'DescribeTasks']);
    expect(aws.calls[0]?.input).toEqual({ cluster: 'spillway', family: 'photos', maxResults: 10 });
  });
});
