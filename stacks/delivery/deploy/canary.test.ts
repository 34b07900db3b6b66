import { delivery } from '../../../test/fakes/stacks/delivery-in-stack';
import { resourceAt, statementsOf } from '../../../test/fakes/stacks/queue-processing-in-stack';

describe('where a canary is tried', () => {
  const stack = delivery({
    pipelines: { photos: { visibilityTimeoutSeconds: 300, maxAttempts: 5 } },
  });

  test('has queues like those of the fleet, with a retention of a day', () => {
    const queue = resourceAt(stack, 'aws_sqs_queue', 'pipeline-photos_canary_queue_work');
    expect(queue).toMatchObject({
      name: 'spillway-dev-photos-canary',
      message_retention_seconds: 86_400,
      visibility_timeout_seconds: 300,
      sqs_managed_sse_enabled: true,
    });
    expect(JSON.parse(`${queue.redrive_policy}`)).toEqual({
      deadLetterTargetArn: '<pipeline-photos_canary_queue_dead-letters arn>',
      maxReceiveCount: 7,
    });
    expect(
      resourceAt(stack, 'aws_sqs_queue', 'pipeline-photos_canary_queue_dead-letters'),
    ).toMatchObject({
      name: 'spillway-dev-photos-canary-dead-letters',
      message_retention_seconds: 86_400,
    });
  });

  test('accepts messages only from roles with a grant', () => {
    const policy = resourceAt(
      stack,
      'aws_sqs_queue_policy',
      'pipeline-photos_canary_queue_work-policy',
    );
    expect(statementsOf(policy)).toEqual([
      expect.objectContaining({ Effect: 'Deny', Sid: 'TlsOnly' }),
    ]);
  });

  test('has a prefix of its own for each pipeline in shared buckets', () => {
    const scans = { sourcePrefix: 'scans/', destinationPrefix: 'previews/' };
    const shared = delivery({ buckets: { shared: true }, pipelines: { photos: {}, scans } });
    const policy = resourceAt(shared, 'aws_iam_role_policy', 'pipeline-scans_canary_grants_policy');
    expect(statementsOf(policy).flatMap(({ Resource }) => Resource)).toEqual([
      '<buckets_source_bucket arn>/canary/scans/*',
      '<buckets_destination_bucket arn>/canary/scans/*',
      '<pipeline-scans_canary_queue_work arn>',
      '<pipeline-scans_canary_queue_dead-letters arn>',
    ]);
  });
});
