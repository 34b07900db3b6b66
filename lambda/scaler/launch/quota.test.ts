import fc from 'fast-check';
import { NOW } from '../../../test/fakes/scaler/examples';
import { type LaunchBatch, NOTHING_LAUNCHED } from '../ports';
import { launch } from './launch';

/** An account whose quota has room for a number of tasks, and that refuses a call as a whole. */
class AccountWithQuota {
  readonly batches: LaunchBatch[] = [];
  launched = 0;

  constructor(private readonly room: number) {}

  readonly launch = async (batch: LaunchBatch) => {
    this.batches.push(batch);
    if (this.launched + batch.count > this.room)
      return { ...NOTHING_LAUNCHED, overQuota: batch.count, reasons: ['over the vCPU quota'] };
    this.launched += batch.count;
    return { ...NOTHING_LAUNCHED, launched: batch.count };
  };
}

const run = (account: AccountWithQuota, tasks: number, minute = 0) =>
  launch(
    {
      environment: 'test',
      pipeline: 'photos',
      scheduledMinute: NOW + minute * 60_000,
      taskDefinition: 'photos:7',
      tasks: { FARGATE: tasks, FARGATE_SPOT: 0 },
      warm: 0,
      maxTaskSeconds: 3_600,
      variables: {},
      subnets: { ids: ['subnet-1'], full: [] },
      remainingMilliseconds: () => 60_000,
    },
    account,
  );

describe('launch in an account whose vCPU quota refuses a call as a whole', () => {
  test('asks for half as many until what is left is enough, under the same token', async () => {
    const account = new AccountWithQuota(13);
    const done = await run(account, 30);
    expect(account.batches.map(({ count }) => count)).toEqual([10, 10, 5, 2]);
    expect(new Set(account.batches.slice(1).map(({ clientToken }) => clientToken)).size).toBe(1);
    expect(done).toMatchObject({ launched: { FARGATE: 12 }, overQuota: 18 });
    expect(done.reasons).toEqual(['over the vCPU quota']);
  });

  test('uses up the quota within four runs, and accounts for every task', async () => {
    const numbers = [fc.nat(60), fc.integer({ min: 1, max: 60 })] as const;
    await fc.assert(
      fc.asyncProperty(...numbers, async (room, wanted) => {
        const account = new AccountWithQuota(room);
        for (let minute = 0; minute < 4; minute += 1) {
          const tasks = wanted - account.launched;
          const done = await run(account, tasks, minute);
          expect(done.launched.FARGATE + done.overQuota).toBe(tasks);
        }
        expect(account.launched).toBe(Math.min(room, wanted));
      }),
    );
  });
});
