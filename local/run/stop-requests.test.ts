import { EventEmitter } from 'node:events';
import { listenForStop } from './stop-requests';

function listening() {
  const source = new EventEmitter();
  const forced: number[] = [];
  let milliseconds = 0;
  const stop = listenForStop(
    source,
    (code) => forced.push(code),
    () => milliseconds,
  );
  return {
    source,
    stop,
    forced,
    wait: (more: number) => {
      milliseconds += more;
    },
  };
}

describe('listenForStop', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('stops in order at the first %s, and then ends with %d', (signal, code) => {
    const { source, stop, forced } = listening();
    expect(stop.exitCode()).toBeUndefined();
    source.emit(signal);
    expect(stop.signal.aborted).toBe(true);
    expect(stop.exitCode()).toBe(code);
    expect(forced).toEqual([]);
  });

  test('forces the end at the second request', () => {
    const { source, forced, wait } = listening();
    source.emit('SIGINT');
    wait(500);
    source.emit('SIGINT');
    expect(forced).toEqual([130]);
  });

  test('takes what npm passes on for the same key press', () => {
    const { source, forced, wait } = listening();
    source.emit('SIGINT');
    wait(20);
    source.emit('SIGINT');
    expect(forced).toEqual([]);
  });

  test('leaves no listener behind', () => {
    const { source, stop } = listening();
    stop.close();
    expect(source.eventNames()).toEqual([]);
  });
});
