import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awsEnvironment } from '../../local/environment';
import { FakeAws } from '../fakes/aws-server';
import { spillway } from './spillway-child';

describe('spillway', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-errors-'));
    const blueprint =
      "export const blueprint = { environments: { dev: { region: 'eu-central-1' } } };";
    await writeFile(join(folder, 'blueprint.ts'), blueprint);
  });

  afterAll(() => rm(folder, { recursive: true }));

  const revisions = (more: string[], variables: Readonly<Record<string, string | undefined>>) =>
    spillway(['revisions', '-e', 'dev', ...more], {
      ...awsEnvironment('http://127.0.0.1:9'),
      BLUEPRINT_CONFIG: join(folder, 'blueprint.ts'),
      ...variables,
    });

  test.each([
    [
      'credentials are missing',
      { AWS_ACCESS_KEY_ID: undefined },
      1,
      'AWS credentials could not be loaded',
    ],
    ['nothing answers', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 1, 'AWS could not be reached'],
    [
      'there is no configuration',
      { BLUEPRINT_CONFIG: '/nowhere.ts' },
      2,
      '/nowhere.ts does not exist',
    ],
  ])(
    'fails with a JSON error where that was asked for, when %s',
    async (_title, variables, exitCode, sentence) => {
      const { code, out, err } = await revisions(['--json'], variables);
      expect({ code, out }).toEqual({ code: exitCode, out: '' });
      expect(JSON.parse(err).error).toContain(sentence);
    },
  );

  test.each([
    [
      'denied access',
      'AccessDeniedException',
      'User: u is not authorized to perform: ssm:GetParameter',
      'or these credentials may not read it (User: u is not authorized',
    ],
    [
      'expired credentials',
      'ExpiredTokenException',
      'The security token included in the request is expired',
      'the AWS credentials have expired',
    ],
    [
      'unknown credentials',
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
      'AWS does not accept these credentials',
    ],
    [
      'something else',
      'ValidationException',
      'Not so.',
      'AWS answers ValidationException: Not so.',
    ],
  ])('fails on %s with one sentence', async (_title, type, message, sentence) => {
    const aws = await FakeAws.start({}, {});
    aws.answer = (response) => {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ __type: type, message }));
    };
    const { code, err } = await revisions([], { AWS_ENDPOINT_URL: aws.endpoint });
    await aws.stop();
    expect({ code, lines: err.trim().split('\n').length }).toEqual({ code: 1, lines: 1 });
    expect(err).toContain(sentence);
  });
});
