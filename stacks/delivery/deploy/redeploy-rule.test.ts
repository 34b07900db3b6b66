import { delivery } from '../../../test/fakes/stacks/delivery-in-stack';
import { resourceAt } from '../../../test/fakes/stacks/queue-processing-in-stack';
import { allOf } from '../../../test/fakes/stacks/synthesised';

describe('a redeploy', () => {
  const stack = delivery({ pipelines: { photos: {}, scans: {} } });
  const templates = resourceAt(stack, 'aws_ssm_parameter', 'redeploy_templates');

  test('starts a redeploy when a fingerprint changes, but not when it is first written', () => {
    const { name, event_pattern } = resourceAt(
      stack,
      'aws_cloudwatch_event_rule',
      'redeploy_start_rule',
    );
    expect(name).toBe('spillway-dev-redeploy-start');
    expect(JSON.parse(`${event_pattern}`)).toEqual({
      source: ['aws.ssm'],
      'detail-type': ['Parameter Store Change'],
      detail: { name: [templates.name], operation: ['Update'] },
    });
    const { arn, role_arn, input } = resourceAt(
      stack,
      'aws_cloudwatch_event_target',
      'redeploy_start_target',
    );
    expect([arn, role_arn]).toEqual(['<deploy_redeploy arn>', '<redeploy_start_role arn>']);
    // The project deploys all pipelines: a new account may run one build at a time.
    expect(input).toBeUndefined();
  });

  test('is one rule, with one parameter for the fingerprints of all pipelines', () => {
    const starting = allOf(stack.resources, 'aws_cloudwatch_event_target').filter(
      ({ arn }) => arn === '<deploy_redeploy arn>',
    );
    expect(starting).toHaveLength(1);
    expect(templates.name).toBe('/spillway/dev/templates');
    expect(JSON.parse(`${templates.value}`)).toEqual({
      photos: '<pipeline-photos_task_fingerprint>',
      scans: '<pipeline-scans_task_fingerprint>',
    });
  });

  test('does not start for a new revision number alone', () => {
    expect(`${templates.value}`).not.toContain('task-definition');
  });

  test('fits the fingerprints of ten pipelines into a standard parameter', () => {
    const longest = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`p-23456789abcde${index}`, 'f'.repeat(64)]),
    );
    // https://docs.aws.amazon.com/general/latest/gr/ssm.html: 4 KB.
    expect(JSON.stringify(longest).length).toBeLessThan(4_096);
  });

  test.each([
    ['the target of each pipeline', 'aws_ssm_parameter.pipeline-photos_parameters_target_'],
    ['the queues of the canary', 'aws_sqs_queue_policy.pipeline-photos_canary_queue_work-policy_'],
    ['what the task may do with them', 'aws_iam_role_policy.pipeline-photos_canary_grants_policy_'],
    ['the archive of the deployer', 'aws_s3_object.deployer_object_'],
    ['the project that runs it', 'aws_codebuild_project.deploy_redeploy_'],
    ['what that may do', 'aws_iam_role_policy.deploy_role_policy_'],
    [
      'the permissions for a pipeline',
      'aws_iam_role_policy_attachment.deploy_grants-scans_attachment_',
    ],
    ['the rule that starts it', 'aws_cloudwatch_event_target.redeploy_start_target_'],
  ])('finds %s as it will be', (_what, resource) => {
    expect(templates.depends_on).toContainEqual(
      expect.stringMatching(new RegExp(`^${resource}[0-9A-F]{8}$`)),
    );
  });
});
