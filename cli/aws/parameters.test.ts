import { SSMClient } from '@aws-sdk/client-ssm';
import { fakePort } from '../../test/fakes/aws-server';
import { createNamedParameters } from './parameters';

const { open, calls } = fakePort((options) => createNamedParameters(new SSMClient(options)));

test('below reads the parameters of all pages, at any depth', async () => {
  const parameters = await open({
    GetParametersByPath: ({ NextToken }) =>
      NextToken === undefined
        ? { body: { Parameters: [{ Name: '/p/enabled', Value: 'true' }], NextToken: 'two' } }
        : { body: { Parameters: [{ Name: '/p/delivery/outcome', Value: 'none' }] } },
  });
  expect([...(await parameters.below('/p/'))]).toEqual([
    ['/p/enabled', 'true'],
    ['/p/delivery/outcome', 'none'],
  ]);
  expect(calls().map(({ input }) => input)).toEqual([
    { Path: '/p/', Recursive: true },
    { Path: '/p/', Recursive: true, NextToken: 'two' },
  ]);
});
