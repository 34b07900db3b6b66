import fc from 'fast-check';
import { SharedFault } from '../../application-code/worker/src/faults';
import { Chance } from '../../simulator/chance';
import { ObjectModel } from '../../test/fakes/scaler/object-model';
import { WorkerFleet } from '../../test/fakes/scaler/worker-fleet';

describe('a task for each object', () => {
  test('10,000 uploads with max-tasks 200 lose nothing and run no more tasks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.nat(),
          jobSeconds: fc.integer({ min: 1, max: 300 }),
          killed: fc.double({ min: 0, max: 0.3, noNaN: true }),
          refused: fc.double({ min: 0, max: 0.3, noNaN: true }),
        }),
        async ({ seed, ...faults }) => {
          const chance = new Chance(seed);
          const random = () => chance.uniform();
          const model = new ObjectModel({ maxTasks: 200, random, ...faults });
          model.upload(10_000);
          await model.runFor(2_000);
          expect([model.done, model.left]).toEqual([10_000, 0]);
          expect(model.largest).toBeLessThanOrEqual(200);
        },
      ),
      { numRuns: 5 },
    );
  });

  test('launches one task for each, and no second one, when nothing fails', async () => {
    const model = new ObjectModel({ maxTasks: 200, jobSeconds: 5, random: () => 1 });
    model.upload(1_000);
    await model.runFor(60);
    expect([model.done, model.launched]).toEqual([1_000, 1_000]);
  });

  test('an outage of writes for ten minutes dead-letters no healthy object', async () => {
    const fleet = new WorkerFleet(20);
    fleet.upload(300);
    fleet.jobsTake(5);
    await fleet.runFor(4);
    const before = fleet.launched.length;
    fleet.destination.error = new SharedFault('DestinationUnavailable', 'SlowDown');
    await fleet.runFor(10);
    const inOutage = fleet.launched.length - before;
    fleet.destination.error = undefined;
    await fleet.runFor(120);
    expect([fleet.queue.size, fleet.deadLetters.letters]).toEqual([0, []]);
    expect(fleet.destination.written.size).toBe(300);
    // One fleet meets the outage, then single probes at growing intervals.
    expect(inOutage).toBeLessThanOrEqual(20 + 4);
  });
});
