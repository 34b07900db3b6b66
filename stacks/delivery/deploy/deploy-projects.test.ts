import { readEnvironment } from '../../../deployer/environment';
import { delivery } from '../../../test/fakes/stacks/delivery-in-stack';
import { resourceAt } from '../../../test/fakes/stacks/queue-processing-in-stack';

const TWO = { photos: {}, scans: { architecture: 'x86_64' } } as const;

type Stack = ReturnType<typeof delivery>;
const deploy = (stack: Stack) => resourceAt(stack, 'aws_codebuild_project', 'deploy');
const redeploy = (stack: Stack) => resourceAt(stack, 'aws_codebuild_project', 'deploy_redeploy');
const environment = (project: ReturnType<typeof deploy>) =>
  project.environment as Record<string, unknown>;
const variables = (project: ReturnType<typeof deploy>): Record<string, string> =>
  Object.fromEntries(
    (environment(project).environment_variable as { name: string; value: string }[]).map(
      ({ name, value }) => [name, value],
    ),
  );

describe('the projects that deploy', () => {
  const stack = delivery();

  test('are a stage of the delivery and one without a source, with one role, unprivileged', () => {
    expect(deploy(stack)).toMatchObject({
      name: 'spillway-dev-deploy',
      service_role: '<deploy_role arn>',
      artifacts: { type: 'CODEPIPELINE' },
      source: { type: 'CODEPIPELINE' },
    });
    expect(redeploy(stack)).toMatchObject({
      name: 'spillway-dev-redeploy',
      service_role: '<deploy_role arn>',
      artifacts: { type: 'NO_ARTIFACTS' },
      source: { type: 'NO_SOURCE' },
    });
    for (const project of [deploy(stack), redeploy(stack)]) {
      expect(environment(project).privileged_mode).toBeUndefined();
    }
  });

  test('run the buildspec of the stack, not that of the source', () => {
    const buildspec = (project: ReturnType<typeof deploy>) =>
      JSON.parse((project.source as { buildspec: string }).buildspec);
    expect(buildspec(redeploy(stack))).toEqual(buildspec(deploy(stack)));
    const { version, phases } = buildspec(deploy(stack));
    expect(version).toBe(0.2);
    expect(phases.install).toEqual({
      'runtime-versions': { nodejs: 22 },
      commands: [
        'DEPLOYER=$(mktemp --directory)',
        'aws s3 cp --only-show-errors "$DEPLOYER_ARCHIVE" "$DEPLOYER/deployer.zip"',
        'unzip -q "$DEPLOYER/deployer.zip" -d "$DEPLOYER"',
        'cd "$DEPLOYER" && npm ci --omit=dev --workspace deployer --ignore-scripts ' +
          '--no-audit --no-fund',
      ],
    });
    expect(phases.build.commands).toEqual(['cd "$DEPLOYER" && node deployer/dist/main.js']);
  });

  test('set variables that the deployer accepts', () => {
    const told = delivery({
      pipelines: TWO,
      delivery: { keptRevisions: 5, canaryTimeoutMinutes: 4 },
    });
    const { DEPLOYER_ARCHIVE, ...read } = variables(deploy(told));
    expect(DEPLOYER_ARCHIVE).toBe('s3://<artefacts_bucket id>/<deployer_object key>');
    expect(readEnvironment({ ...read, AWS_REGION: 'us-east-1' })).toMatchObject({
      deliveryPaths: ['/spillway/dev/photos/delivery/', '/spillway/dev/scans/delivery/'],
      keptRevisions: 5,
      canaryTimeoutSeconds: 240,
      digests: {},
    });
    expect(variables(redeploy(told))).toEqual(variables(deploy(told)));
  });

  test('have time for two rounds of canaries', () => {
    const canaryTimeoutMinutes = 20;
    expect(
      deploy(delivery({ pipelines: TWO, delivery: { canaryTimeoutMinutes } })).build_timeout,
    ).toBe(55);
  });

  test.each([
    [120, 10, 'the least'],
    [1_801, 36, 'a job and its start'],
    [40_000, 60, 'the most'],
  ])('let a canary take as long as a job of %d s may: %d min, %s', (seconds, minutes) => {
    const pipelines = { ...TWO, scans: { ...TWO.scans, jobTimeoutSeconds: seconds } };
    const told = deploy(delivery({ pipelines }));
    expect(variables(told).CANARY_TIMEOUT_SECONDS).toBe(String(minutes * 60));
    expect(told.build_timeout).toBe(15 + 2 * minutes);
  });

  test.each([
    ['ARM_CONTAINER', TWO],
    ['LINUX_CONTAINER', { scans: TWO.scans }],
  ])('run on a machine that builds also need: %s', (type, pipelines) => {
    expect(environment(redeploy(delivery({ pipelines }))).type).toBe(type);
  });

  test('write into log groups with retention', () => {
    const logs = ['deploy_deploy-log', 'deploy_redeploy-log'].map((path) =>
      resourceAt(stack, 'aws_cloudwatch_log_group', path),
    );
    expect(logs).toEqual([
      { name: '/spillway/dev/delivery/deploy', retention_in_days: 30 },
      { name: '/spillway/dev/delivery/redeploy', retention_in_days: 30 },
    ]);
  });
});
