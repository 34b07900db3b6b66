import { delivery } from '../../../test/fakes/stacks/delivery-in-stack';
import { resourceAt, statementsOf } from '../../../test/fakes/stacks/queue-processing-in-stack';
import { onlyOf } from '../../../test/fakes/stacks/synthesised';

describe('a bucket of archives', () => {
  const stack = delivery();

  test('keeps versions, which CodePipeline names, and deletes old ones', () => {
    expect(resourceAt(stack, 'aws_s3_bucket', 'source_bucket').bucket).toBe(
      'spillway-dev-code-123456789012',
    );
    expect(resourceAt(stack, 'aws_s3_bucket_versioning', 'source_bucket_versioning')).toMatchObject(
      { versioning_configuration: { status: 'Enabled' } },
    );
    expect(
      JSON.stringify(
        resourceAt(stack, 'aws_s3_bucket_lifecycle_configuration', 'source_bucket_lifecycle'),
      ),
    ).toContain('"noncurrent_days":30');
  });

  test('starts the delivery by an event, for its one key alone', () => {
    expect(onlyOf(stack.resources, 'aws_s3_bucket_notification')).toEqual({
      bucket: '<source_bucket id>',
      eventbridge: true,
    });
    const { name, event_pattern } = resourceAt(
      stack,
      'aws_cloudwatch_event_rule',
      'delivery_start_rule',
    );
    expect(name).toBe('spillway-dev-delivery-start');
    expect(JSON.parse(`${event_pattern}`)).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: ['<source_bucket id>'] }, object: { key: ['source.zip'] } },
    });
    expect(resourceAt(stack, 'aws_cloudwatch_event_target', 'delivery_start_target')).toMatchObject(
      { arn: '<delivery_pipeline arn>', role_arn: '<delivery_start_role arn>' },
    );
  });

  test('is filled by the command of an output, and by `spillway deliver`', () => {
    expect(stack.output.source_archive?.value).toBe('s3://<source_bucket id>/source.zip');
    expect(stack.output.source_command?.value).toBe(
      'git archive --format=zip --output source.zip HEAD && ' +
        'aws s3 cp source.zip s3://<source_bucket id>/source.zip --region us-east-1',
    );
  });

  test('lets CodePipeline decrypt with an own key', () => {
    const own = resourceAt(
      delivery({ encryption: 'own' }),
      'aws_iam_role_policy',
      'delivery_role_policy',
    );
    expect(statementsOf(own).find(({ Sid }) => Sid === 'DecryptSource')?.Resource).toEqual([
      '<key arn>',
    ]);
  });
});
