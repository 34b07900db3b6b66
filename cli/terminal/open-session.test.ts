import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { askOn, openInterrupt } from './open-session';

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

describe('askOn', () => {
  const ask = (typed: string | undefined) => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const answer = askOn(input, output)('Promote it?');
    input.end(typed);
    return answer.then((yes) => ({ yes, asked: String(output.read()) }));
  };

  test.each(['y\n', 'yes\n', ' Y \n', 'YES\n'])('takes %j for a yes', async (typed) => {
    expect(await ask(typed)).toEqual({ yes: true, asked: 'Promote it? [y/N] ' });
  });

  test.each(['\n', 'n\n', 'yep\n', 'no\n', undefined])('takes %j for a no', async (typed) => {
    expect((await ask(typed)).yes).toBe(false);
  });

  test('leaves the line of the question when no answer comes', async () => {
    expect((await ask(undefined)).asked).toBe('Promote it? [y/N] \n');
  });
});
