import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log';
import { Construct } from 'constructs';
import { EnvironmentScope } from '../iam/environment-scope';
import { createLogGroup } from '../iam/log-group';
import { ServiceRole } from '../iam/service-role';

/** Every flow of a VPC, accepted and rejected, in a log group. */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, props: { readonly vpcId: string }) {
    super(scope, id);
    const name = `${EnvironmentScope.of(this).prefix}-flow-logs`;
    const group = createLogGroup(this, 'group', { name });
    const role = new ServiceRole(this, 'role', {
      roleName: name,
      service: 'vpc-flow-logs.amazonaws.com',
      description: 'Writes the flow logs of the VPC',
    });
    grantDeliver(role, group);
    new FlowLog(this, 'log', {
      vpcId: props.vpcId,
      trafficType: 'ALL',
      logDestinationType: 'cloud-watch-logs',
      logDestination: group.arn,
      iamRoleArn: role.arn,
      tags: { Name: name },
    });
  }
}

/** The log group exists already, so the service neither creates nor searches one. */
function grantDeliver(role: ServiceRole, group: CloudwatchLogGroup): void {
  role.allow({
    sid: 'DeliverFlows',
    actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    resources: [`${group.arn}:*`],
  });
}
