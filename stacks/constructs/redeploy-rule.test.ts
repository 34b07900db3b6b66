import { expect, test } from '@jest/globals';
import { delivery } from '../delivery-bench';
import { at } from '../queue-processing-bench';

test('a change of what a pipeline is told starts the redeploy; its first value, and what the deployer writes, do not', () => {
  const stack = delivery({ pipelines: { photos: {}, scans: {} } });
  const { name, event_pattern } = at(stack, 'aws_cloudwatch_event_rule', 'redeploy_rule');
  expect(name).toBe('spillway-dev-redeploy-start');
  expect(JSON.parse(`${event_pattern}`)).toEqual({
    source: ['aws.ssm'],
    'detail-type': ['Parameter Store Change'],
    detail: {
      name: ['/spillway/dev/photos/delivery/target', '/spillway/dev/scans/delivery/target'],
      operation: ['Update'],
    },
  });
  expect(at(stack, 'aws_cloudwatch_event_target', 'redeploy_target')).toMatchObject({
    arn: '<deploy_redeploy arn>',
    role_arn: '<redeploy_role arn>',
  });
});
