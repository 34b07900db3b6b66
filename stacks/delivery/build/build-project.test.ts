import { delivery } from '../../../test/fakes/stacks/delivery-in-stack';
import { resourceAt } from '../../../test/fakes/stacks/queue-processing-in-stack';

const project = (stack: ReturnType<typeof delivery>, architecture: string) =>
  resourceAt(stack, 'aws_codebuild_project', `build-${architecture}_project`);

describe('the project that builds an image', () => {
  const stack = delivery();

  test('runs the repository’s buildspec.yml with docker, for a bounded time', () => {
    expect(project(stack, 'arm64')).toMatchObject({
      name: 'spillway-dev-build-arm64',
      service_role: '<build-arm64_role arn>',
      build_timeout: 30,
      source: { type: 'CODEPIPELINE', buildspec: 'buildspec.yml' },
      artifacts: { type: 'CODEPIPELINE' },
      environment: { privileged_mode: true, compute_type: 'BUILD_GENERAL1_SMALL' },
    });
  });

  test('sets the variables of the buildspec', () => {
    const { environment_variable } = project(delivery({ delivery: { sbom: true } }), 'arm64')
      .environment as Record<string, unknown>;
    expect(environment_variable).toEqual([
      { name: 'WORKLOAD', value: 'images' },
      { name: 'REPOSITORY', value: '<images name>' },
      { name: 'REPOSITORY_URI', value: '<images repository_url>' },
      { name: 'CACHE_REPOSITORY_URI', value: '<images_cache repository_url>' },
      { name: 'ARCHITECTURE', value: 'arm64' },
      { name: 'SBOM', value: 'true' },
    ]);
  });

  test('writes into a log group with retention', () => {
    expect(resourceAt(stack, 'aws_cloudwatch_log_group', 'build-arm64_log')).toEqual({
      name: '/spillway/dev/delivery/build-arm64',
      retention_in_days: 30,
    });
    expect(project(stack, 'arm64').logs_config).toEqual({
      cloudwatch_logs: { group_name: '<build-arm64_log name>' },
    });
  });

  test.each([
    ['arm64', 'ARM_CONTAINER', 'aws/codebuild/amazonlinux-aarch64-standard:3.0'],
    ['x86_64', 'LINUX_CONTAINER', 'aws/codebuild/amazonlinux-x86_64-standard:5.0'],
  ] as const)('builds %s on a machine of its own kind', (architecture, type, image) => {
    const one = delivery({ pipelines: { photos: { architecture } } });
    expect(project(one, architecture).environment).toMatchObject({ type, image });
  });

  test('uses the own key', () => {
    const own = delivery({ encryption: 'own' });
    expect(project(own, 'arm64').encryption_key).toBe('<key arn>');
    expect(resourceAt(own, 'aws_cloudwatch_log_group', 'build-arm64_log').kms_key_id).toBe(
      '<key arn>',
    );
  });
});
