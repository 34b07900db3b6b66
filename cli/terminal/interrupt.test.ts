import { EventEmitter } from 'node:events';
import { openInterrupt } from './interrupt';

describe('openInterrupt', () => {
  test('listens from the first question, so that Ctrl-C just ends other commands', () => {
    const source = new EventEmitter();
    const { interruptSignal } = openInterrupt(source, () => undefined);
    expect(source.listenerCount('SIGINT')).toBe(0);
    const signal = interruptSignal();
    expect(interruptSignal()).toBe(signal);
    source.emit('SIGINT');
    expect(signal.aborted).toBe(true);
  });

  test('breaks a sleep off without a fault', async () => {
    const source = new EventEmitter();
    const { interruptSignal, sleep } = openInterrupt(source, () => undefined);
    interruptSignal();
    const sleeping = sleep(60_000);
    source.emit('SIGTERM');
    await expect(sleeping).resolves.toBeUndefined();
  });
});
