import { describe, expect, test } from '@jest/globals';
import { delivery } from '../delivery-bench';
import { onlyOf } from '../synthesised';

const CONNECTION = { source: 'connection', repository: 'acme/spillway', branch: 'release' } as const;
const ARN = 'arn:aws:codeconnections:us-east-1:123456789012:connection/01234567-89ab';
const CONSOLE = 'https://us-east-1.console.aws.amazon.com/codesuite/settings/connections?region=us-east-1';

const source = (stack: ReturnType<typeof delivery>) => {
  const [first] = onlyOf(stack.resources, 'aws_codepipeline').stage as { action: object[] }[];
  return first?.action[0];
};

describe('a connection of the stack', () => {
  const stack = delivery({ delivery: { ...CONNECTION, provider: 'GitLab' } });

  test('is made for the provider, and an output says where it is confirmed', () => {
    expect(onlyOf(stack.resources, 'aws_codeconnections_connection')).toEqual({
      name: 'spillway-dev',
      provider_type: 'GitLab',
    });
    expect(stack.output.confirm_connection?.value).toBe(
      `Confirm the connection once, if it is still pending: ${CONSOLE}`,
    );
  });

  test('warns while it is pending, and lets the deploy go on', () => {
    expect(stack.check).toEqual({
      connection: {
        assert: [
          {
            condition: expect.stringMatching(
              /^\$\{\(aws_codeconnections_connection\..+\.connection_status == "AVAILABLE"\)\}$/,
            ),
            error_message: expect.stringContaining(`no push is built. Confirm it once at ${CONSOLE}`),
          },
        ],
      },
    });
  });

  test('is the source of the pipeline', () => {
    expect(source(stack)).toMatchObject({
      provider: 'CodeStarSourceConnection',
      configuration: {
        ConnectionArn: '<source_connection arn>',
        FullRepositoryId: 'acme/spillway',
        BranchName: 'release',
        DetectChanges: 'false',
      },
    });
  });

  test('starts the pipeline for a push of the branch that changes one of the paths', () => {
    expect(onlyOf(stack.resources, 'aws_codepipeline').trigger).toEqual([
      {
        provider_type: 'CodeStarSourceConnection',
        git_configuration: {
          source_action_name: 'Source',
          push: [
            {
              branches: { includes: ['release'] },
              file_paths: {
                includes: [
                  'application-code/**',
                  'buildspec.yml',
                  'build.mjs',
                  'package.json',
                  'package-lock.json',
                  'tsconfig.json',
                  '.dockerignore',
                ],
              },
            },
          ],
        },
      },
    ]);
  });
});

describe('an existing connection', () => {
  const stack = delivery({ delivery: { ...CONNECTION, connectionArn: ARN } });

  test('is looked up and never changed', () => {
    expect(stack.resources.aws_codeconnections_connection).toBeUndefined();
    expect(onlyOf(stack.data, 'aws_codestarconnections_connection')).toMatchObject({ arn: ARN });
    expect(stack.output.confirm_connection).toBeUndefined();
    expect(stack.check).toEqual({});
  });

  test('fails the deploy while it is pending, and says what to do', () => {
    const { lifecycle } = onlyOf(stack.data, 'aws_codestarconnections_connection');
    expect(lifecycle).toEqual({
      postcondition: [
        {
          condition: '$' + '{(self.connection_status == "AVAILABLE")}',
          error_message: expect.stringMatching(
            /^environments\.dev\.delivery\.connectionArn names a connection that is not available, .* and deploy again, or name another\.$/,
          ),
        },
      ],
    });
  });
});
