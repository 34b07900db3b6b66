import { coreInfra, referencesTo } from '../../test/fakes/stacks/core-infra-in-stack';
import { allOf, onlyOf } from '../../test/fakes/stacks/synthesised';

const open = () => coreInfra({ logRetentionDays: 7, network: { flowLogs: true } }).resources;

describe('FlowLogs', () => {
  test('do not exist by default', () => {
    const { resources } = coreInfra();
    expect(allOf(resources, 'aws_flow_log')).toEqual([]);
    expect(allOf(resources, 'aws_iam_role')).toEqual([]);
  });

  test('record every flow of the VPC, with the retention of all logs', () => {
    const resources = open();
    expect(onlyOf(resources, 'aws_flow_log')).toMatchObject({
      vpc_id: referencesTo(resources, 'aws_vpc')[0],
      traffic_type: 'ALL',
      log_destination: referencesTo(resources, 'aws_cloudwatch_log_group', 'arn')[0],
      iam_role_arn: referencesTo(resources, 'aws_iam_role', 'arn')[0],
    });
    expect(onlyOf(resources, 'aws_cloudwatch_log_group')).toMatchObject({
      name: 'spillway-dev-flow-logs',
      retention_in_days: 7,
    });
  });

  test('are written by a role that may do nothing else', () => {
    const resources = open();
    const { Statement } = JSON.parse(`${onlyOf(resources, 'aws_iam_role_policy').policy}`);
    const [group] = referencesTo(resources, 'aws_cloudwatch_log_group', 'arn');
    expect(Statement).toEqual([
      {
        Sid: 'DeliverFlows',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        Resource: [`${group}:*`],
      },
    ]);
    expect(`${onlyOf(resources, 'aws_iam_role').assume_role_policy}`).toContain(
      'vpc-flow-logs.amazonaws.com',
    );
  });
});
