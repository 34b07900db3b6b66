import { EventEmitter } from 'node:events';
import { openStopping } from './interrupt';

describe('openStopping', () => {
  test('listens from the first question on, so that Ctrl-C just ends a command that has nothing to put in order', () => {
    const source = new EventEmitter();
    const { stopping } = openStopping(source, () => undefined);
    expect(source.listenerCount('SIGINT')).toBe(0);
    const signal = stopping();
    expect(stopping()).toBe(signal);
    source.emit('SIGINT');
    expect(signal.aborted).toBe(true);
  });

  test('breaks a sleep off without a fault', async () => {
    const source = new EventEmitter();
    const { stopping, sleep } = openStopping(source, () => undefined);
    stopping();
    const sleeping = sleep(60_000);
    source.emit('SIGTERM');
    await expect(sleeping).resolves.toBeUndefined();
  });
});
