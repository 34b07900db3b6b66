import { SSMClient } from '@aws-sdk/client-ssm';
import { type Answers, clientOptions, FakeAws } from '../../../test/fakes/aws-server';
import { createParameters } from './aws-ports';

let aws: FakeAws;
const PATH = '/spillway/test/photos/';
const read = async (answers: Answers, maxAttempts?: number) => {
  aws = await FakeAws.start(answers);
  return createParameters(new SSMClient(clientOptions(aws, maxAttempts)), PATH).read();
};
afterEach(() => aws.stop());

const page = (names: readonly string[], NextToken?: string) => ({
  body: {
    Parameters: names.map((name) => ({ Name: PATH + name, Value: `value of ${name}` })),
    NextToken,
  },
});

describe('parameters', () => {
  test('are read from every page and named by what follows the path', async () => {
    const values = await read({
      GetParametersByPath: (input) =>
        input.NextToken === 'more'
          ? page(['task-definition'])
          : page(['enabled', 'max-tasks'], 'more'),
    });
    expect([...values]).toEqual([
      ['enabled', 'value of enabled'],
      ['max-tasks', 'value of max-tasks'],
      ['task-definition', 'value of task-definition'],
    ]);
    expect(aws.calls.map(({ input }) => input)).toEqual([
      { Path: PATH },
      { Path: PATH, NextToken: 'more' },
    ]);
  });

  test('are empty under a path that holds nothing', async () => {
    expect((await read({ GetParametersByPath: () => ({ body: {} }) })).size).toBe(0);
  });

  test('are asked for again after a throttle', async () => {
    const throttle = { status: 400, type: 'ThrottlingException' };
    const values = await read(
      { GetParametersByPath: (_, call) => (call === 0 ? throttle : page(['enabled'])) },
      2,
    );
    expect(values.size).toBe(1);
  });

  test('fails when access is denied, with the words of AWS', async () => {
    const answers = {
      GetParametersByPath: () => ({
        status: 400,
        type: 'AccessDeniedException',
        message: 'not you',
      }),
    };
    await expect(read(answers)).rejects.toThrow('not you');
  });
});
