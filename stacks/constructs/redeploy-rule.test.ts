import { expect, test } from '@jest/globals';
import { delivery } from '../delivery-bench';
import { at } from '../queue-processing-bench';

test.each(['photos', 'scans'])(
  'a change of what the deployer is told of %s redeploys that one; its first value, and what the deployer writes, do not',
  (pipeline) => {
    const stack = delivery({ pipelines: { photos: {}, scans: {} } });
    const { name, event_pattern } = at(stack, 'aws_cloudwatch_event_rule', `redeploy-${pipeline}_rule`);
    expect(name).toBe(`spillway-dev-${pipeline}-redeploy`);
    expect(JSON.parse(`${event_pattern}`)).toEqual({
      source: ['aws.ssm'],
      'detail-type': ['Parameter Store Change'],
      detail: { name: [`/spillway/dev/${pipeline}/delivery/target`], operation: ['Update'] },
    });
    const { arn, role_arn, input } = at(stack, 'aws_cloudwatch_event_target', `redeploy-${pipeline}_target`);
    expect([arn, role_arn]).toEqual(['<deploy_redeploy arn>', `<redeploy-${pipeline}_role arn>`]);
    const value = `/spillway/dev/${pipeline}/delivery/`;
    expect(JSON.parse(`${input}`)).toEqual({
      environmentVariablesOverride: [{ name: 'DELIVERY_PATHS', type: 'PLAINTEXT', value }],
    });
  },
);
