import { SSMClient } from '@aws-sdk/client-ssm';
import { clientOptions, startAwsDouble } from '../../lambda/scaler/aws/aws-double';
import { createNamedParameters } from './parameters';

test('below reads the parameters of all pages, at any depth', async () => {
  const double = await startAwsDouble({
    GetParametersByPath: ({ NextToken }) =>
      NextToken === undefined
        ? { body: { Parameters: [{ Name: '/p/enabled', Value: 'true' }], NextToken: 'two' } }
        : { body: { Parameters: [{ Name: '/p/delivery/outcome', Value: 'none' }] } },
  });
  try {
    const parameters = createNamedParameters(new SSMClient(clientOptions(double)));
    expect([...(await parameters.below('/p/'))]).toEqual([
      ['/p/enabled', 'true'],
      ['/p/delivery/outcome', 'none'],
    ]);
    expect(double.calls.map(({ input }) => input)).toEqual([
      { Path: '/p/', Recursive: true },
      { Path: '/p/', Recursive: true, NextToken: 'two' },
    ]);
  } finally {
    await double.stop();
  }
});
