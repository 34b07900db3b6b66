import { FakeClock } from '../../../../test/fakes/clock';
import type { BatchResult } from './batcher';
import { Heartbeat } from './heartbeat';
import type { VisibilityChange } from './ports';

function started(
  extend: (change: VisibilityChange) => Promise<BatchResult> = async () => undefined,
) {
  const clock = new FakeClock();
  const beats: { readonly at: number; readonly change: VisibilityChange }[] = [];
  const begin = clock.now();
  const heartbeat = new Heartbeat(
    (change) => {
      beats.push({ at: (clock.now() - begin) / 1000, change });
      return extend(change);
    },
    120,
    clock,
  );
  return { clock, beats, heartbeat };
}

describe('Heartbeat', () => {
  test('extends by the whole timeout before half is over, also just after a beat', async () => {
    const { clock, beats, heartbeat } = started();
    heartbeat.hold('r1', () => undefined);
    await clock.advance(41);
    heartbeat.hold('r2', () => undefined);
    await clock.advance(40);
    expect(beats.map(({ at, change }) => [at, change.receiptHandle])).toEqual([
      [40, 'r1'],
      [80, 'r1'],
      [80, 'r2'],
    ]);
    expect(beats.every(({ change }) => change.visibilityTimeoutSeconds === 120)).toBe(true);
  });

  test('stops for a message that is no longer held, and never beats without one', async () => {
    const { clock, beats, heartbeat } = started();
    const stop = heartbeat.hold('r1', () => undefined);
    await stop();
    await clock.advance(200);
    expect([beats.length, clock.pendingTimers]).toEqual([0, 0]);
  });

  test('tells once that a message is lost when the service refuses it', async () => {
    const failure = { receiptHandle: 'r1', code: 'ReceiptHandleIsInvalid', senderFault: true };
    const { clock, beats, heartbeat } = started(async () => failure);
    const lost: string[] = [];
    heartbeat.hold('r1', (code) => lost.push(code));
    await clock.advance(200);
    expect([lost, beats.length]).toEqual([['ReceiptHandleIsInvalid'], 1]);
  });

  test('keeps beating when an extension failed for another reason', async () => {
    const failure = { receiptHandle: 'r1', code: 'InternalError', senderFault: false };
    const { clock, beats, heartbeat } = started(async () => failure);
    const lost: string[] = [];
    heartbeat.hold('r1', (code) => lost.push(code));
    await clock.advance(120);
    expect([lost, beats.length]).toEqual([[], 3]);
  });

  test('stops only when an extension under way has ended, before any release', async () => {
    let answer: () => void = () => undefined;
    const { clock, heartbeat } = started(
      () => new Promise((resolve) => (answer = () => resolve(undefined))),
    );
    const stop = heartbeat.hold('r1', () => undefined);
    await clock.advance(40);
    let hasStopped = false;
    void stop().then(() => (hasStopped = true));
    await clock.advance(1);
    expect(hasStopped).toBe(false);
    answer();
    await clock.advance(0);
    expect(hasStopped).toBe(true);
  });
});
