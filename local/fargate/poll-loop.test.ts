import { startPollLoop } from './poll-loop';

const LONG = 1_000_000;

describe('startPollLoop', () => {
  test('polls at once, and again when it is woken', async () => {
    const polls: number[] = [];
    let secondPoll: () => void = () => undefined;
    const second = new Promise<void>((resolve) => {
      secondPoll = resolve;
    });
    const loop = startPollLoop(async () => {
      if (polls.push(polls.length) === 2) secondPoll();
    }, LONG);
    await Promise.resolve();
    loop.wake();
    await second;
    await loop.stop();
    expect(polls).toEqual([0, 1]);
  });

  test('polls once more when it is woken during a poll, and never twice at a time', async () => {
    let running = 0;
    let most = 0;
    let polls = 0;
    let finishFirst: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      finishFirst = resolve;
    });
    let sawSecond: () => void = () => undefined;
    const second = new Promise<void>((resolve) => {
      sawSecond = resolve;
    });
    const loop = startPollLoop(async () => {
      polls += 1;
      running += 1;
      most = Math.max(most, running);
      if (polls === 1) await first;
      else sawSecond();
      running -= 1;
    }, LONG);
    loop.wake();
    finishFirst();
    await second;
    await loop.stop();
    expect([polls, most]).toEqual([2, 1]);
  });

  test('lets a poll end before it has stopped', async () => {
    let ended = false;
    const loop = startPollLoop(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      ended = true;
    }, LONG);
    await loop.stop();
    expect(ended).toBe(true);
  });
});
