import { delivery } from '../../test/fakes/stacks/delivery-in-stack';
import { resourceAt, statementsOf } from '../../test/fakes/stacks/queue-processing-in-stack';
import { onlyOf } from '../../test/fakes/stacks/synthesised';

const BOTH = { photos: {}, scans: { architecture: 'x86_64' } } as const;

interface Action {
  readonly name: string;
  readonly configuration: Readonly<Record<string, string>>;
  readonly [more: string]: unknown;
}
const pipeline = (stack: ReturnType<typeof delivery>) =>
  onlyOf(stack.resources, 'aws_codepipeline');
const actions = (stack: ReturnType<typeof delivery>, stage: number): readonly Action[] =>
  (pipeline(stack).stage as { action: Action[] }[])[stage]?.action ?? [];

describe('the pipeline', () => {
  const stack = delivery();

  test('is of type V2, has the stack’s bucket, and runs only the newest change', () => {
    expect(pipeline(stack)).toMatchObject({
      name: 'spillway-dev-delivery',
      pipeline_type: 'V2',
      execution_mode: 'SUPERSEDED',
      role_arn: '<delivery_role arn>',
      artifact_store: [{ type: 'S3', location: '<artefacts_bucket id>' }],
    });
    expect((pipeline(stack).stage as { name: string }[]).map(({ name }) => name)).toEqual([
      'Source',
      'Build',
      'Deploy',
    ]);
  });

  test('reads an archive from the bucket without polling', () => {
    expect(actions(stack, 0)).toEqual([
      expect.objectContaining({
        provider: 'S3',
        namespace: 'Source',
        output_artifacts: ['Source'],
        configuration: {
          S3Bucket: '<source_bucket id>',
          S3ObjectKey: 'source.zip',
          PollForSourceChanges: 'false',
        },
      }),
    ]);
    expect(pipeline(stack).trigger).toBeUndefined();
  });

  test('builds for every architecture, one after the other, and for no other', () => {
    const builds = (one: ReturnType<typeof delivery>) =>
      actions(one, 1).map(({ name, namespace, run_order, configuration }) => [
        name,
        namespace,
        run_order,
        configuration.ProjectName,
      ]);
    const arm = ['BuildArm64', 'BuildArm64', 1, '<build-arm64_project name>'];
    const x86 = ['BuildX8664', 'BuildX8664', 1, '<build-x86_64_project name>'];
    expect(builds(stack)).toEqual([arm]);
    const second = x86.with(2, 2);
    expect(builds(delivery({ pipelines: BOTH }))).toEqual([arm, second]);
    expect(builds(delivery({ pipelines: { scans: BOTH.scans } }))).toEqual([x86]);
  });

  test('passes the digest of each build and its source version to the deploy', () => {
    const told = (one: ReturnType<typeof delivery>) => {
      const [{ configuration }] = actions(one, 2) as [Action];
      return JSON.parse(`${configuration.EnvironmentVariables}`).map(
        ({ name, value, type }: Record<string, string>) => [name, value, type],
      );
    };
    expect(told(delivery({ pipelines: BOTH }))).toEqual([
      ['IMAGE_DIGEST_ARM64', '#{BuildArm64.IMAGE_DIGEST}', 'PLAINTEXT'],
      ['IMAGE_DIGEST_X86_64', '#{BuildX8664.IMAGE_DIGEST}', 'PLAINTEXT'],
      ['COMMIT', '#{Source.VersionId}', 'PLAINTEXT'],
    ]);
    const connected = delivery({ delivery: { source: 'connection', repository: 'acme/spillway' } });
    expect(told(connected).at(-1)).toEqual(['COMMIT', '#{Source.CommitId}', 'PLAINTEXT']);
  });

  test('passes the source to every later action, as CodePipeline requires', () => {
    const later = [...actions(stack, 1), ...actions(stack, 2)];
    expect(later.map(({ input_artifacts }) => input_artifacts)).toEqual([['Source'], ['Source']]);
  });

  test('is created after everything that its immediate first run needs', () => {
    const before = pipeline(stack).depends_on as string[];
    for (const made of [
      'delivery_role_policy',
      'build-arm64_role_policy',
      'deploy_grants-photos_attachment',
    ]) {
      expect(before).toContainEqual(expect.stringContaining(`.${made}_`));
    }
  });

  test.each([
    ['s3', false, {}],
    ['connection', true, { source: 'connection', repository: 'acme/spillway' }],
  ] as const)(
    'with the source %s may set the ACL of an artefact: %s',
    (_source, mayIt, settings) => {
      const statements = statementsOf(
        resourceAt(delivery({ delivery: settings }), 'aws_iam_role_policy', 'delivery_role_policy'),
      );
      const keep = statements.find(({ Sid }) => Sid === 'KeepArtefacts');
      expect([keep?.Action].flat().includes('s3:PutObjectAcl')).toBe(mayIt);
    },
  );

  test('encrypts its artefacts with an own key', () => {
    expect(pipeline(delivery({ encryption: 'own' })).artifact_store).toEqual([
      expect.objectContaining({ encryption_key: { id: '<key arn>', type: 'KMS' } }),
    ]);
  });
});
