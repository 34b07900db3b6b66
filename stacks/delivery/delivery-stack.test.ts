import { delivery } from '../../test/fakes/stacks/delivery-in-stack';
import { allOf } from '../../test/fakes/stacks/synthesised';

const image = 'ghcr.io/acme/worker:1';
const count = ({ resources }: ReturnType<typeof delivery>, type: string) =>
  allOf(resources, type).length;

describe('an environment of which nothing is said', () => {
  const stack = delivery();

  test('has a bucket as source, one build, two deploy projects and one canary', () => {
    expect(count(stack, 'aws_codepipeline')).toBe(1);
    expect(count(stack, 'aws_codebuild_project')).toBe(3);
    expect(count(stack, 'aws_ecr_repository')).toBe(2);
    expect(count(stack, 'aws_sqs_queue')).toBe(2);
    expect(count(stack, 'aws_ssm_parameter')).toBe(3);
  });

  test('has outputs that say how it is used', () => {
    const values = Object.fromEntries(
      Object.entries(stack.output).map(([name, { value }]) => [name, value]),
    );
    expect(values).toEqual({
      image_repository: '<images repository_url>',
      notices_topic: '<notices_topic arn>',
      deploy_image_command:
        'aws codebuild start-build --project-name <deploy_redeploy name> ' +
        '--environment-variables-override name=IMAGE_DIGEST_ARM64,value=sha256:… ' +
        '--region us-east-1',
      pipeline_name: 'spillway-dev-delivery',
      pipeline_url:
        'https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/spillway-dev-delivery/view?region=us-east-1',
      source_archive: 's3://<source_bucket id>/source.zip',
      source_command: expect.stringContaining('git archive'),
    });
  });

  test('can be deployed without an image: no resource names one', () => {
    expect(JSON.stringify(stack.resources)).not.toContain(':none');
  });
});

describe('images from elsewhere', () => {
  const stack = delivery({
    delivery: { source: 'none' },
    pipelines: { scans: { architecture: 'x86_64' } },
  });

  test('are not built or fetched, but tried, promoted and reported', () => {
    expect(count(stack, 'aws_codepipeline')).toBe(0);
    expect(Object.keys(stack.resources.aws_codebuild_project ?? {})).toEqual([
      expect.stringMatching(/^deploy_/),
      expect.stringMatching(/^deploy_redeploy_/),
    ]);
    expect(count(stack, 'aws_ecr_repository')).toBe(2);
    expect(count(stack, 'aws_sqs_queue')).toBe(2);
    const names = allOf(stack.resources, 'aws_cloudwatch_event_rule').map(({ name }) => name);
    expect(names).toEqual(['spillway-dev-delivery-redeploy', 'spillway-dev-redeploy-start']);
    expect(count(stack, 'aws_s3_bucket')).toBe(1);
  });

  test('are deployed by the command of an output, for their architecture', () => {
    expect(stack.output.deploy_image_command?.value).toContain('name=IMAGE_DIGEST_X86_64,');
    expect(stack.output.pipeline_name).toBeUndefined();
    expect(stack.output.source_command).toBeUndefined();
  });
});

describe('pipelines with an image of their own', () => {
  test('are not part of the delivery of other pipelines', () => {
    const mixed = delivery({ pipelines: { photos: {}, scans: { image, architecture: 'x86_64' } } });
    expect(JSON.stringify(mixed.resources)).not.toContain('scans');
    expect(count(mixed, 'aws_codebuild_project')).toBe(3);
  });

  test('make the stack empty when every pipeline has one', () => {
    const { resources, output, data } = delivery({ pipelines: { photos: { image } } });
    expect(resources).toEqual({});
    expect(output).toEqual({});
    expect(Object.keys(data).sort()).toEqual(['aws_caller_identity', 'aws_partition']);
  });
});

test('a pipeline keeps its construct ids when others are added', () => {
  const alone = delivery();
  const both = delivery({ pipelines: { scans: { architecture: 'x86_64' }, photos: {} } });
  for (const [type, byId] of Object.entries(alone.resources)) {
    expect(Object.keys(both.resources[type] ?? {})).toEqual(
      expect.arrayContaining(Object.keys(byId)),
    );
  }
});

describe('a region for which AWS names no ARM machines', () => {
  const region = 'eu-north-1';

  test('is a warning with the source of the list and the remedy', () => {
    const { warnings } = delivery({ region });
    expect(warnings).toEqual([
      expect.stringMatching(/^CodeBuild may have no ARM machines in eu-north-1, /),
    ]);
    expect(warnings[0]).toContain(
      'https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateFleet.html',
    );
    expect(warnings[0]).toContain("set `architecture: 'x86_64'`");
  });

  test('is no warning for x86 pipelines, nor for pipelines with an image in the settings', () => {
    expect(
      delivery({ region, pipelines: { photos: { architecture: 'x86_64' } } }).warnings,
    ).toEqual([]);
    expect(delivery({ region, pipelines: { photos: { image } } }).warnings).toEqual([]);
    expect(delivery({ region: 'eu-west-1' }).warnings).toEqual([]);
  });
});
