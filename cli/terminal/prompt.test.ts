import { PassThrough } from 'node:stream';
import { askOn } from './prompt';

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
