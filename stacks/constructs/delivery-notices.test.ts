import { describe, expect, test } from '@jest/globals';
import { delivery } from '../delivery-bench';
import { at, statementsOf } from '../queue-processing-bench';
import { allOf, onlyOf } from '../synthesised';

type Stack = ReturnType<typeof delivery>;
const pattern = (stack: Stack, what: string) =>
  JSON.parse(`${at(stack, 'aws_cloudwatch_event_rule', `notices_${what}-rule`).event_pattern}`);

/** The message that an event becomes, as EventBridge fills a template. */
function message(stack: Stack, what: string, detail: object): string {
  const target = at(stack, 'aws_cloudwatch_event_target', `notices_${what}-target`);
  const { input_paths, input_template } = target.input_transformer as {
    input_paths: Record<string, string>;
    input_template: string;
  };
  const filled = Object.entries(input_paths).reduce(
    (text, [word, path]) => text.replace(`<${word}>`, `${valueAt({ detail }, path)}`),
    input_template,
  );
  return JSON.parse(filled);
}

function valueAt(event: object, path: string): unknown {
  const keys = path.split('.').slice(1);
  return keys.reduce<unknown>((value, key) => Object(value)[key], event);
}

describe('the notices of the delivery', () => {
  const stack = delivery({ delivery: { emails: ['a@example.com', 'b@example.com'] } });

  test('go to a topic on which EventBridge alone publishes, without a condition, which it could not meet', () => {
    expect(onlyOf(stack.resources, 'aws_sns_topic').name).toBe('spillway-dev-delivery');
    const [notices, tls] = statementsOf(onlyOf(stack.resources, 'aws_sns_topic_policy'));
    expect(notices).toEqual({
      Sid: 'Notices',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: '<notices_topic arn>',
    });
    expect(tls).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  });

  test('reach every address', () => {
    const all = allOf(stack.resources, 'aws_sns_topic_subscription');
    expect(all.map(({ protocol, endpoint }) => `${protocol} ${endpoint}`)).toEqual([
      'email a@example.com',
      'email b@example.com',
    ]);
  });

  test('tell of the end of a run of the pipeline, good or bad, with a link', () => {
    expect(pattern(stack, 'pipeline')).toEqual({
      source: ['aws.codepipeline'],
      'detail-type': ['CodePipeline Pipeline Execution State Change'],
      detail: { pipeline: ['spillway-dev-delivery'], state: ['FAILED', 'SUCCEEDED'] },
    });
    expect(message(stack, 'pipeline', { state: 'FAILED', 'execution-id': '0-1' })).toBe(
      'Delivery by spillway-dev-delivery: FAILED. Its stages and logs: https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/spillway-dev-delivery/executions/0-1/timeline?region=us-east-1',
    );
  });

  test('tell of the end of a redeploy, whatever it was, with its log', () => {
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
    expect(onlyOf(delivery({ encryption: 'own' }).resources, 'aws_sns_topic').kms_master_key_id).toBe(
      '<key arn>',
    );
  });
});
