import { Testing } from 'cdktf';
import { devEnvironment } from '../test/fakes/stacks/environment';
import { synthesised } from '../test/fakes/stacks/synthesised';
import type { EnvironmentInput } from './config/blueprint-config';
import { EnvironmentStack } from './environment-stack';

class EmptyStack extends EnvironmentStack {}

function stackOf(input: EnvironmentInput) {
  return synthesised(new EmptyStack(Testing.app(), 'empty', devEnvironment(input)));
}

const guardOf = ({ data }: ReturnType<typeof stackOf>) =>
  data.aws_caller_identity?.account?.lifecycle;

describe('a stack of an environment', () => {
  test('requires a Terraform that can lock its state, and by default keeps it in a file', () => {
    const { terraform } = stackOf({});
    expect(terraform.required_version).toBe('>= 1.10.0');
    expect(terraform.backend).toEqual({ local: { path: expect.stringContaining('dev-empty') } });
  });

  test('accepts a range of provider versions, not only that of the bindings', () => {
    const { required_providers } = stackOf({}).terraform;
    expect(required_providers).toEqual({
      aws: { source: 'aws', version: '>= 6.40.0, != 6.57.0, < 7.0.0' },
    });
  });

  test('keeps its state in S3 with a lock file when a bucket is named', () => {
    const { terraform } = stackOf({
      backend: { bucket: 'states', region: 'eu-west-1', prefix: 'blueprint' },
    });
    expect(terraform.backend).toEqual({
      s3: {
        bucket: 'states',
        region: 'eu-west-1',
        key: 'blueprint/dev-empty.tfstate',
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  test('tags everything with the environment, the stack and the configured tags', () => {
    const { provider } = stackOf({ region: 'eu-west-1', tags: { owner: 'photos' } });
    expect(provider.aws).toEqual([
      {
        region: 'eu-west-1',
        default_tags: [
          {
            tags: { owner: 'photos', 'spillway:environment': 'dev', 'spillway:stack': 'dev-empty' },
          },
        ],
      },
    ]);
  });

  test('may be deployed into every account by default', () => {
    expect(guardOf(stackOf({}))).toBeUndefined();
  });

  test('fails when the account is not an allowed one, and names the allowed ones', () => {
    const stack = stackOf({ allowedAccountIds: ['111122223333', '444455556666'] });
    expect(guardOf(stack)).toEqual({
      postcondition: [
        {
          condition: expect.stringContaining(
            'contains(["111122223333", "444455556666"], self.account_id)',
          ),
          error_message:
            'environments.dev may be deployed into the accounts ' +
            '111122223333, 444455556666 alone; ' +
            'use credentials of one of them, or change allowedAccountIds.',
        },
      ],
    });
  });
});
