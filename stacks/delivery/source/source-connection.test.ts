import { delivery } from '../../../test/fakes/stacks/delivery-in-stack';
import { onlyOf } from '../../../test/fakes/stacks/synthesised';
import { DEFAULT_ENVIRONMENT } from '../../config/schema';

const CONNECTION = {
  source: 'connection',
  repository: 'acme/spillway',
  branch: 'release',
} as const;
const ARN = 'arn:aws:codeconnections:us-east-1:123456789012:connection/01234567-89ab';
const CONSOLE =
  'https://us-east-1.console.aws.amazon.com/codesuite/settings/connections?region=us-east-1';

const PATHS = DEFAULT_ENVIRONMENT.delivery.paths;
const TRIGGER = {
  provider_type: 'CodeStarSourceConnection',
  git_configuration: {
    source_action_name: 'Source',
    push: [{ branches: { includes: ['release'] }, file_paths: { includes: PATHS } }],
  },
};

const source = (stack: ReturnType<typeof delivery>) => {
  const [first] = onlyOf(stack.resources, 'aws_codepipeline').stage as { action: object[] }[];
  return first?.action[0];
};

describe('a connection of the stack', () => {
  const stack = delivery({ delivery: { ...CONNECTION, provider: 'GitLab' } });

  test('is created for the provider, and an output says where to confirm it', () => {
    expect(onlyOf(stack.resources, 'aws_codeconnections_connection')).toEqual({
      name: 'spillway-dev',
      provider_type: 'GitLab',
    });
    const { value } = stack.output.confirm_connection ?? {};
    expect(value).toMatch(
      /^\$\{\(aws_codeconnections_connection\.\S+_status == "AVAILABLE"\) \? ".+" : ".+"\}$/,
    );
    expect(value).toContain('? "The connection is confirmed: a push starts the delivery."');
    expect(value).toContain(
      `: "Confirm the connection at ${CONSOLE} and deploy again: until then no push is built."`,
    );
  });

  test('warns while it is pending, and lets the deploy continue', () => {
    expect(stack.check).toEqual({
      connection: {
        assert: [
          {
            condition: expect.stringMatching(
              /^\$\{\(aws_codeconnections_connection\..+\.connection_status == "AVAILABLE"\)\}$/,
            ),
            error_message: expect.stringContaining(
              `no push is built. Confirm it once at ${CONSOLE} and deploy again`,
            ),
          },
        ],
      },
    });
  });

  test('is the source of the delivery', () => {
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

  test('starts the delivery for a push that changes a path of the branch, once available', () => {
    const pipeline = onlyOf(stack.resources, 'aws_codepipeline');
    expect(pipeline.trigger).toBeUndefined();
    expect(pipeline.dynamic).toEqual({
      trigger: {
        for_each: expect.stringMatching(
          /^\$\{toset\(\(aws_codeco\S+_status == "AVAILABLE"\) \? \["push"\] : \[\]\)\}$/,
        ),
        iterator: 'each',
        content: TRIGGER,
      },
    });
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

  test('starts the delivery from the first deploy on', () => {
    const { trigger, dynamic } = onlyOf(stack.resources, 'aws_codepipeline');
    expect([trigger, dynamic]).toEqual([[TRIGGER], undefined]);
  });

  test('fails the deploy while it is pending, and says what to do', () => {
    const { lifecycle } = onlyOf(stack.data, 'aws_codestarconnections_connection');
    expect(lifecycle).toEqual({
      postcondition: [
        {
          condition: '$' + '{(self.connection_status == "AVAILABLE")}',
          error_message: expect.stringMatching(
            /^environments\.dev\.delivery\.connectionArn names .* again, or name another\.$/,
          ),
        },
      ],
    });
  });
});
