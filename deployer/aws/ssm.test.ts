import { SSMClient } from '@aws-sdk/client-ssm';
import { fakePort } from '../../test/fakes/aws-server';
import { createParameters } from './ssm';

const { open: parameters, calls } = fakePort((options) => createParameters(new SSMClient(options)));

test('a parameter is read with its version', async () => {
  const port = await parameters({
    GetParameter: () => ({ body: { Parameter: { Value: 'a:1', Version: 7 } } }),
  });
  expect(await port.read('/p')).toEqual({ value: 'a:1', version: 7 });
  expect(calls()[0]?.input).toEqual({ Name: '/p' });
});

test('an earlier version is read by its number', async () => {
  const port = await parameters({
    GetParameter: () => ({ body: { Parameter: { Value: 'a:1', Version: 3 } } }),
  });
  expect(await port.readVersion('/p', 3)).toBe('a:1');
  expect(calls()[0]?.input).toEqual({ Name: '/p:3' });
});

test('the history has the versions of every page, newest first', async () => {
  const page = (...versions: number[]) =>
    versions.map((Version) => ({
      Name: '/p',
      Version,
      Value: `a:${Version}`,
      LastModifiedDate: Version,
    }));
  const port = await parameters({
    GetParameterHistory: (_input, call) => ({
      body:
        call === 0 ? { Parameters: page(8, 9), NextToken: 'more' } : { Parameters: page(11, 10) },
    }),
  });
  expect(await port.history('/p')).toEqual(
    [11, 10, 9, 8].map((version) => ({ value: `a:${version}`, modifiedAt: version * 1_000 })),
  );
  expect(calls().map(({ input }) => input)).toEqual([
    { Name: '/p' },
    { Name: '/p', NextToken: 'more' },
  ]);
});

test('fails when there is no parameter whose history could be read, naming it', async () => {
  const port = await parameters({
    GetParameterHistory: () => ({ status: 400, type: 'ParameterNotFound' }),
  });
  await expect(port.history('/p')).rejects.toThrow('There is no parameter /p: deploy the stacks');
});

test('fails when SSM denies the history, which it also does without a parameter', async () => {
  const port = await parameters({
    GetParameterHistory: () => ({ status: 400, type: 'AccessDeniedException', message: 'no' }),
  });
  await expect(port.history('/p')).rejects.toThrow(
    'There is no parameter /p, or these credentials may not read it (no): deploy the stacks ' +
      'of this environment first',
  );
});

test('a write says the version that it made', async () => {
  const port = await parameters({ PutParameter: () => ({ body: { Version: 8 } }) });
  expect(await port.write('/p', 'a:2')).toBe(8);
  expect(calls()[0]?.input).toEqual({ Name: '/p', Value: 'a:2', Type: 'String', Overwrite: true });
});

test('fails when a write does not say its version', async () => {
  const port = await parameters({ PutParameter: () => ({ body: {} }) });
  await expect(port.write('/p', 'a:2')).rejects.toThrow('did not say which version of /p');
});

test.each(['ParameterNotFound', 'ParameterVersionNotFound'])(
  'fails without a parameter (%s), naming it',
  async (type) => {
    const port = await parameters({ GetParameter: () => ({ status: 400, type }) });
    await expect(port.read('/p')).rejects.toThrow('There is no parameter /p: deploy the stacks');
  },
);

test('fails when SSM denies a read, which it also does without a parameter', async () => {
  const port = await parameters({
    GetParameter: () => ({ status: 400, type: 'AccessDeniedException', message: 'no' }),
  });
  await expect(port.read('/p')).rejects.toThrow(
    'There is no parameter /p, or these credentials may not read it (no): deploy the stacks ' +
      'of this environment first',
  );
});
