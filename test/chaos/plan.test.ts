import { LAUNCH_MODES } from '../emulator/launch-modes';
import { explainedUnattributed, largestFleet } from './explained';
import { ALL_FAULT_KINDS } from './fault-kinds';
import { History } from './history';
import { Injector } from './injector';
import { makeObject } from './objects';
import { planOf } from './plan';

const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1);
const ALWAYS = { chance: 1, inARow: 1, limit: 2 };

const fates = (faults: Parameters<typeof planOf>[1], tries: number) => {
  const injector = new Injector(planOf(7, faults), new History());
  return Array.from({ length: tries }, () => injector.strikes('s3-slow-down'));
};

describe('a plan', () => {
  test('is the same for the same seed, and its objects are', async () => {
    expect(planOf(7)).toEqual(planOf(7));
    expect(planOf(7)).not.toEqual(planOf(8));
    expect(await makeObject(7, 3)).toEqual(await makeObject(7, 3));
  });

  test('every fault is in some of 200 seeds, and no seed blinds the scaler in two ways', () => {
    const plans = SEEDS.map((seed) => planOf(seed));
    for (const kind of ALL_FAULT_KINDS) expect(plans.some(({ faults }) => faults[kind])).toBe(true);
    expect(
      plans.filter(({ faults }) => faults['list-tasks-lags'] && faults['scaler-overlaps']),
    ).toEqual([]);
  });

  test('as many seeds in a row as there are ways to launch tasks take each of them', () => {
    const ways = Object.keys(LAUNCH_MODES).sort();
    for (const from of SEEDS) {
      const modes = ways.map((_, index) => planOf(from + index).launchMode);
      expect(modes.sort()).toEqual(ways);
    }
  });

  test('200 seeds have objects of every life', async () => {
    const lives = new Set<string>();
    for (const seed of SEEDS) lives.add((await makeObject(seed, 0)).path.split(' ')[0] ?? '');
    const all = ['deleted', 'large', 'overwritten', 'photo', 'poison', 'repaired', 'spoiled'];
    expect([...lives].sort()).toEqual(all);
  });
});

describe('the injector', () => {
  test('the n-th opportunity has the same fate whatever other faults there are', () => {
    const rate = { chance: 0.3, inARow: 1, limit: 1000 };
    const alone = fates({ faults: { 's3-slow-down': rate } }, 100);
    expect(fates({ faults: { 's3-slow-down': rate, 'sqs-delayed': rate } }, 100)).toEqual(alone);
    const strikes = alone.filter((fate) => fate).length;
    expect(strikes).toBeGreaterThan(15);
    expect(strikes).toBeLessThan(45);
  });

  test('is over after the limit, so that every run comes to rest', () => {
    expect(fates({ faults: { 's3-slow-down': ALWAYS } }, 4)).toEqual([true, true, false, false]);
  });

  test('strikes in a row where the plan says so', () => {
    const outage = { chance: 0.1, inARow: 4, limit: 4 };
    const line = fates({ faults: { 's3-slow-down': outage } }, 200)
      .map((fate) => (fate ? 'x' : '.'))
      .join('');
    expect(line).toMatch(/^\.*xxxx\.*$/);
  });
});

describe('what the faults explain', () => {
  test('no dead letter by the queue before a message can have been received that often', () => {
    const strikes = new Map([['task-killed-after', 10]] as const);
    expect(explainedUnattributed({ maxAttempts: 8 }, strikes)).toBe(0);
    expect(explainedUnattributed({ maxAttempts: 7 }, strikes)).toBe(1);
  });

  test('one fleet too many when a run of the scaler was blind, and the task of a wake-up', () => {
    const plan = { maxTasks: 3, launchMode: 'jobs-per-task' } as const;
    const woken = { maxTasks: 3, launchMode: 'wake-ups' } as const;
    const blind = new Map([['scaler-overlaps', 1]] as const);
    expect(largestFleet(plan, new Map([['stale-counts', 9]] as const))).toBe(3);
    expect([plan, woken].map((one) => largestFleet(one, blind))).toEqual([6, 7]);
  });
});
