import { delivery } from '../../test/fakes/stacks/delivery-in-stack';
import { resourceAt, statementsOf } from '../../test/fakes/stacks/queue-processing-in-stack';
import { allOf, onlyOf } from '../../test/fakes/stacks/synthesised';

type Stack = ReturnType<typeof delivery>;
const pattern = (stack: Stack, what: string) =>
  JSON.parse(
    `${resourceAt(stack, 'aws_cloudwatch_event_rule', `notices_${what}-rule`).event_pattern}`,
  );

/**
 * The message of an event, as EventBridge fills a template: an unquoted value becomes JSON, a
 * quoted one stays text.
 */
function message(stack: Stack, what: string, detail: object): unknown {
  const target = resourceAt(stack, 'aws_cloudwatch_event_target', `notices_${what}-target`);
  const { input_paths, input_template } = target.input_transformer as {
    input_paths: Record<string, string>;
    input_template: string;
  };
  const isText = input_template.startsWith('"');
  const filled = Object.entries(input_paths).reduce((text, [word, path]) => {
    const value = valueAt({ detail }, path);
    return text.replace(`<${word}>`, isText ? `${value}` : JSON.stringify(value));
  }, input_template);
  return JSON.parse(filled);
}

function valueAt(event: object, path: string): unknown {
  const keys = path.split('.').slice(1);
  return keys.reduce<unknown>((value, key) => Object(value)[key], event);
}

describe('the notices of the delivery', () => {
  const stack = delivery({ delivery: { emails: ['a@example.com', 'b@example.com'] } });

  test('go to a topic for EventBridge alone, without a condition, which it could not meet', () => {
    expect(onlyOf(stack.resources, 'aws_sns_topic').name).toBe('spillway-dev-delivery');
    const [notices, tls] = statementsOf(onlyOf(stack.resources, 'aws_sns_topic_policy'));
    expect(notices).toEqual({
      Sid: 'Notices',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: '<notices_topic arn>',
    });
    expect(tls).toMatchObject({
      Effect: 'Deny',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });

  test('have a subscription for every address', () => {
    const all = allOf(stack.resources, 'aws_sns_topic_subscription');
    expect(all.map(({ protocol, endpoint }) => `${protocol} ${endpoint}`)).toEqual([
      'email a@example.com',
      'email b@example.com',
    ]);
  });

  test('report the end of each delivery with a link', () => {
    expect(pattern(stack, 'pipeline')).toEqual({
      source: ['aws.codepipeline'],
      'detail-type': ['CodePipeline Pipeline Execution State Change'],
      detail: { pipeline: ['spillway-dev-delivery'], state: ['FAILED', 'SUCCEEDED'] },
    });
    expect(message(stack, 'pipeline', { state: 'FAILED', 'execution-id': '0-1' })).toBe(
      'Delivery by spillway-dev-delivery: FAILED. Its stages and logs: https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/spillway-dev-delivery/executions/0-1/timeline?region=us-east-1',
    );
  });

  test('report why an action failed, with any characters in the reason', () => {
    expect(pattern(stack, 'failed-action')).toEqual({
      source: ['aws.codepipeline'],
      'detail-type': ['CodePipeline Action Execution State Change'],
      detail: {
        pipeline: ['spillway-dev-delivery'],
        state: ['FAILED'],
        'execution-result': {
          'external-execution-summary': [{ exists: true }],
          'external-execution-url': [{ exists: true }],
        },
      },
    });
    const reason =
      '[GitHub] Either the repository "you/spilway" does not exist, or access was not granted.';
    const result = {
      'external-execution-summary': reason,
      'external-execution-url': 'https://example.com/1',
    };
    const detail = { stage: 'Source', action: 'Source', 'execution-result': result };
    expect(message(stack, 'failed-action', detail)).toEqual({
      failed: 'spillway-dev-delivery',
      stage: 'Source',
      action: 'Source',
      reason,
      link: 'https://example.com/1',
    });
  });

  test('report only redeploys when there is no CodePipeline', () => {
    const rules = Object.keys(
      delivery({ delivery: { source: 'none' } }).resources.aws_cloudwatch_event_rule ?? {},
    );
    expect(
      rules.filter((id) => id.startsWith('notices_')).map((id) => id.replace(/_[0-9A-F]{8}$/, '')),
    ).toEqual(['notices_redeploy-rule']);
  });

  test('report the end of each redeploy with its log', () => {
    expect(pattern(stack, 'redeploy')).toEqual({
      source: ['aws.codebuild'],
      'detail-type': ['CodeBuild Build State Change'],
      detail: {
        'project-name': ['spillway-dev-redeploy'],
        'build-status': ['FAILED', 'FAULT', 'STOPPED', 'SUCCEEDED', 'TIMED_OUT'],
      },
    });
    const detail = {
      'build-status': 'SUCCEEDED',
      'additional-information': { logs: { 'deep-link': 'https://example.com/log' } },
    };
    expect(message(stack, 'redeploy', detail)).toBe(
      'Redeploy by spillway-dev-redeploy: SUCCEEDED. Its log: https://example.com/log',
    );
  });

  test('are encrypted with an own key', () => {
    expect(
      onlyOf(delivery({ encryption: 'own' }).resources, 'aws_sns_topic').kms_master_key_id,
    ).toBe('<key arn>');
  });
});
