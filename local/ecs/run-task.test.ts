import { type AwsResponse, errorResponse } from './aws-http';
import { ClientTokens } from './run-task';

const launched = (name: string): AwsResponse => ({
  status: 200,
  headers: {},
  body: Buffer.from(name),
});

const nameOf = (answer: AwsResponse) => answer.body.toString();

describe('ClientTokens', () => {
  test('launches once for a token, and every repetition returns the same tasks', async () => {
    const tokens = new ClientTokens();
    let launches = 0;
    const launch = async () => {
      launches += 1;
      return launched(`launch ${launches}`);
    };
    const answers = await Promise.all([
      tokens.once('a', '{}', launch),
      tokens.once('a', '{}', launch),
    ]);
    answers.push(await tokens.once('a', '{}', launch));
    expect(answers.map(nameOf)).toEqual(['launch 1', 'launch 1', 'launch 1']);
  });

  test('fails when a token comes again with other parameters', async () => {
    const tokens = new ClientTokens();
    await tokens.once('a', '{"count":1}', async () => launched('first'));
    const answer = await tokens.once('a', '{"count":2}', async () => launched('second'));
    expect(answer.status).toBe(400);
    expect(nameOf(answer)).toContain('ConflictException');
  });

  test.each([
    ['refused', async () => errorResponse('ClientException', 'no')],
    ['thrown', async () => Promise.reject(new Error('no'))],
  ])(
    'leaves the token of a launch that was %s free',
    async (_how, failing: () => Promise<AwsResponse>) => {
      const tokens = new ClientTokens();
      await tokens.once('a', '{}', failing).catch(() => undefined);
      expect(nameOf(await tokens.once('a', '{}', async () => launched('again')))).toBe('again');
    },
  );

  test('launches every time without a token', async () => {
    const tokens = new ClientTokens();
    const names = ['one', 'two'];
    const launch = async () => launched(names.shift() ?? '');
    expect(nameOf(await tokens.once(undefined, '{}', launch))).toBe('one');
    expect(nameOf(await tokens.once(undefined, '{}', launch))).toBe('two');
  });
});
