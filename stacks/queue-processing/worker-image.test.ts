import { emptyStack } from '../../test/fakes/stacks/construct-in-stack';
import { EnvironmentScope } from '../iam/environment-scope';
import { workerImage } from './worker-image';

function scope(region = 'us-east-1'): EnvironmentScope {
  return EnvironmentScope.of(emptyStack({ environments: { dev: { region } } }));
}

describe('workerImage', () => {
  test('without a setting it is in the repository of the delivery', () => {
    expect(workerImage(scope('eu-central-1'), { image: null, workload: 'images' })).toEqual({
      uri: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/spillway-dev-worker:none',
      repositoryArn: 'arn:aws:ecr:eu-central-1:123456789012:repository/spillway-dev-worker',
    });
  });

  test('is in a repository of its workload', () => {
    const { uri, repositoryArn } = workerImage(scope(), { image: null, workload: 'povray' });
    expect(uri).toMatch(/\/spillway-dev-worker\/povray:none$/);
    expect(repositoryArn).toMatch(/:repository\/spillway-dev-worker\/povray$/);
  });

  test.each([
    ['a tag', '210987654321.dkr.ecr.eu-west-1.amazonaws.com/team/worker:7', 'team/worker'],
    ['a digest', '210987654321.dkr.ecr.eu-west-1.amazonaws.com/worker@sha256:ab', 'worker'],
    ['neither', '210987654321.dkr.ecr.eu-west-1.amazonaws.com/worker', 'worker'],
  ])(
    "an image of ECR with %s is pulled from its own account's repository",
    (_what, uri, repository) => {
      expect(workerImage(scope(), { image: uri, workload: 'images' })).toEqual({
        uri,
        repositoryArn: `arn:aws:ecr:eu-west-1:210987654321:repository/${repository}`,
      });
    },
  );

  test.each(['public.ecr.aws/acme/worker:1', 'ghcr.io/acme/worker:1', 'worker'])(
    '%s is in no repository of ECR and needs no grant',
    (uri) => expect(workerImage(scope(), { image: uri, workload: 'images' })).toEqual({ uri }),
  );
});
