import { FakeClock } from '../../../../test/fakes/clock';
import { type FaultCode, OwnFault, PermanentFault, TransientFault } from '../faults';
import { Circuit, type CircuitState, FAILURES_TO_OPEN, GIVE_UP_SECONDS } from './circuit';
import type { SourceResult } from './job';

const failed = (key: string, code: FaultCode = 'DestinationUnavailable'): SourceResult[] => [
  { outcome: 'failed', key, fault: new TransientFault(code, 'no') },
];
const done: SourceResult[] = [{ outcome: 'done', key: 'd', renditions: [] }];
const broken: SourceResult[] = [
  { outcome: 'failed', key: 'b', fault: new PermanentFault('Undecodable', 'no') },
];

let clock: FakeClock;
let states: CircuitState[];
let answers: boolean;
let probes: number[];
let gaveUpAt: number | undefined;
let circuit: Circuit;

beforeEach(() => {
  clock = new FakeClock();
  states = [];
  answers = true;
  probes = [];
  gaveUpAt = undefined;
  const startedAt = clock.now();
  const seconds = () => (clock.now() - startedAt) / 1000;
  circuit = new Circuit({
    clock,
    random: () => 0.999,
    probe: async () => {
      probes.push(Math.round(seconds()));
      if (!answers) throw new Error('no route');
    },
    doubtSeconds: 30,
    onChange: (state) => states.push(state),
    onGiveUp: () => {
      gaveUpAt ??= seconds();
    },
  });
});

function fail(count: number): void {
  for (let index = 0; index < count; index += 1) circuit.record(failed(`k${index}`));
}

describe('a circuit', () => {
  test('opens when five different keys have failed in a row, and not before', () => {
    fail(FAILURES_TO_OPEN - 1);
    expect(circuit.state).toBe('closed');
    fail(FAILURES_TO_OPEN);
    expect(states).toEqual(['open']);
  });

  test("stays closed for faults that a workload knows to be the job's own", async () => {
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const fault = new OwnFault('JobTimeout', 'The program hangs.');
      const results: SourceResult[] = [{ outcome: 'failed', key, fault }];
      circuit.record(results);
      expect(await circuit.isOutage(results, 'last')).toBe(false);
    }
    expect(circuit.state).toBe('closed');
  });

  test.each<FaultCode>(['SourceUnavailable', 'AccessDenied', 'JobTimeout'])(
    'opens for %s, too',
    (code) => {
      for (const key of ['a', 'b', 'c', 'd', 'e']) circuit.record(failed(key, code));
      expect(circuit.state).toBe('open');
    },
  );

  test.each([
    ['one key fails again and again', () => Array.from({ length: 50 }, () => failed('a'))],
    [
      'every fifth job is done',
      () => Array.from({ length: 50 }, (_, i) => (i % 5 ? failed(`${i}`) : done)),
    ],
    ['only pictures are broken', () => Array.from({ length: 50 }, () => broken)],
    [
      'only the worker is at fault',
      () => Array.from({ length: 50 }, (_, index) => failed(`${index}`, 'Internal')),
    ],
  ])('stays closed when %s', (_why, given) => {
    for (const results of given()) circuit.record(results);
    expect(states).toEqual([]);
  });

  test('probes at doubling intervals up to two minutes, and gives up after ten', async () => {
    answers = false;
    fail(FAILURES_TO_OPEN);
    await clock.advance(GIVE_UP_SECONDS - 1);
    expect(probes).toEqual([5, 15, 35, 75, 155, 275, 395, 515]);
    expect([circuit.state, gaveUpAt]).toEqual(['open', undefined]);
    await clock.advance(1);
    expect(gaveUpAt).toBe(GIVE_UP_SECONDS);
  });

  test('is half-open when the buckets answer, and closed when a job is done', async () => {
    fail(FAILURES_TO_OPEN);
    await clock.advance(6);
    expect(circuit.state).toBe('half-open');
    circuit.record(broken);
    expect(circuit.state).toBe('half-open');
    circuit.record(done);
    expect(states).toEqual(['open', 'half-open', 'closed']);
    await clock.advance(GIVE_UP_SECONDS);
    expect([gaveUpAt, clock.pendingTimers]).toEqual([undefined, 0]);
  });

  test('opens again when its half-open job fails; ten minutes count from the first', async () => {
    fail(FAILURES_TO_OPEN);
    for (let round = 0; round < 20; round += 1) {
      await clock.advance(40);
      if (circuit.state === 'half-open') circuit.record(failed('one'));
    }
    expect(probes.slice(0, 4)).toEqual([5, 50, 100, 160]);
    expect(probes.length).toBeLessThan(10);
    expect(gaveUpAt).toBe(GIVE_UP_SECONDS);
  });

  test('gives up no sooner than its half-open job has failed, which may take hours', async () => {
    fail(FAILURES_TO_OPEN);
    await clock.advance(20 * GIVE_UP_SECONDS);
    expect([circuit.state, gaveUpAt]).toEqual(['half-open', undefined]);
    circuit.record(failed('one'));
    await clock.advance(0);
    expect(gaveUpAt).toBe(20 * GIVE_UP_SECONDS);
  });

  test('closes at once when a job that was under way is done', async () => {
    fail(FAILURES_TO_OPEN);
    circuit.record(done);
    await clock.advance(GIVE_UP_SECONDS);
    expect([states, probes, gaveUpAt]).toEqual([['open', 'closed'], [], undefined]);
  });

  test('starts over with short waits when it opens after it was closed', async () => {
    answers = false;
    fail(FAILURES_TO_OPEN);
    await clock.advance(100);
    circuit.record(done);
    probes.length = 0;
    fail(FAILURES_TO_OPEN);
    await clock.advance(6);
    expect(probes).toHaveLength(1);
  });

  test('forgets the wait of an opening that is over', async () => {
    fail(FAILURES_TO_OPEN);
    await clock.advance(4);
    circuit.record(done);
    fail(FAILURES_TO_OPEN);
    await clock.advance(6);
    expect(probes).toEqual([9]);
  });

  test('takes a probe without any answer for a failed one', async () => {
    const silent = new Circuit({
      clock,
      random: () => 0,
      probe: (signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        ),
      doubtSeconds: 30,
      onChange: (state) => states.push(state),
      onGiveUp: () => undefined,
    });
    for (const key of ['a', 'b', 'c', 'd', 'e']) silent.record(failed(key));
    await clock.advance(300);
    expect(states).toEqual(['open']);
  });

  test('fails when it is asked for a transition after its end', async () => {
    fail(FAILURES_TO_OPEN);
    circuit.end();
    circuit.end();
    fail(FAILURES_TO_OPEN);
    circuit.record(done);
    await clock.advance(GIVE_UP_SECONDS);
    expect([states, probes, gaveUpAt, clock.pendingTimers]).toEqual([
      ['open', 'ended'],
      [],
      undefined,
      0,
    ]);
  });
});

describe('a circuit takes for an outage', () => {
  const lastAttempt = () => circuit.isOutage(failed('last'), 'last');

  test('every outage fault while it is not closed, and no other', async () => {
    fail(FAILURES_TO_OPEN);
    expect(await circuit.isOutage(failed('k'), 'early')).toBe(true);
    expect(await circuit.isOutage(failed('k', 'Internal'), 'last')).toBe(false);
    expect(await circuit.isOutage(broken, 'last')).toBe(false);
    expect(await circuit.isOutage(done, 'last')).toBe(false);
  });

  test('no early attempt while closed, and a late one when the buckets are silent', async () => {
    expect(await circuit.isOutage(failed('k'), 'late')).toBe(false);
    answers = false;
    expect(await circuit.isOutage(failed('k'), 'late')).toBe(true);
    expect(await circuit.isOutage(failed('k'), 'early')).toBe(false);
  });

  test.each<[string, boolean, () => unknown]>([
    ['another job is done', false, () => circuit.record(done)],
    ['it opens', true, () => fail(FAILURES_TO_OPEN)],
    ['the worker drains', true, () => circuit.end()],
    ['nothing happens and the buckets answer', false, () => clock.advance(31)],
  ])('a last attempt, when %s: %s', async (_what, expected, happens) => {
    let isOutage: boolean | undefined;
    void lastAttempt().then((answer) => {
      isOutage = answer;
    });
    await clock.advance(1);
    expect(isOutage).toBeUndefined();
    await happens();
    await clock.advance(0);
    expect(isOutage).toBe(expected);
  });

  test('a last attempt at once when the buckets do not answer', async () => {
    answers = false;
    expect(await lastAttempt()).toBe(true);
  });
});
