import { EventEmitter } from 'node:events';
import { listenForStop, stopWithReader } from './stop-requests';

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

  test('takes the signal that npm forwards for the same key press', () => {
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

describe('stopWithReader', () => {
  const broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  const reading = () => {
    const [out, err] = [new EventEmitter(), new EventEmitter()];
    const ended: number[] = [];
    const listened = listening();
    stopWithReader([out, err], listened.source, (code) => ended.push(code));
    return { out, err, ended, ...listened };
  };

  test('asks to stop in order once, though many writes fail', () => {
    const { out, err, stop, forced, wait } = reading();
    out.emit('error', broken);
    expect(stop.signal.aborted).toBe(true);
    wait(10_000);
    out.emit('error', broken);
    err.emit('error', broken);
    expect(forced).toEqual([]);
  });

  test('ends at once without a listener', () => {
    const { out, stop, ended } = reading();
    stop.close();
    out.emit('error', broken);
    expect(ended).toEqual([130]);
  });

  test('fails on any other error of a stream', () => {
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    expect(() => reading().out.emit('error', full)).toThrow('no space');
  });
});
