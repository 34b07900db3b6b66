import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Fn, Op, type TerraformResourceLifecycle, TerraformSelf } from 'cdktf';
import { Construct } from 'constructs';
import type { NetworkSettings } from '../config/blueprint-config';
import { EnvironmentScope } from '../iam/environment-scope';
import { createLogGroup } from '../iam/log-group';
import { ServiceRole } from '../iam/service-role';
import { Egress } from './egress';
import { arm64Zones, type Network, SUBNET_LIFECYCLE, type Zone } from './network';

/** Each zone's tasks have a quarter of the range; the fourth quarter is for NAT gateways. */
const TASK_SUBNET_BITS = 2;

export type OwnVpcProps = Pick<
  NetworkSettings,
  'cidr' | 'availabilityZones' | 'egress' | 'flowLogs'
>;

/**
 * A VPC that no traffic enters. Subnets and route tables are the same for every kind of egress: a
 * change of the egress changes routes, and never a subnet of running tasks.
 */
export class OwnVpc extends Construct implements Network {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly assignPublicIp: boolean;
  private readonly name: string;
  private readonly vpc: Vpc;

  constructor(scope: Construct, id: string, props: OwnVpcProps) {
    super(scope, id);
    const { environment, prefix } = EnvironmentScope.of(this);
    this.name = prefix;
    this.vpc = new Vpc(this, 'vpc', {
      cidrBlock: props.cidr,
      enableDnsSupport: true,
      // Private names of interface endpoints need it.
      enableDnsHostnames: true,
      tags: { Name: this.name },
    });
    // Terraform adopts the group that AWS creates with every VPC, and removes its rules.
    new DefaultSecurityGroup(this, 'closed', {
      vpcId: this.vpc.id,
      tags: { Name: `${this.name}-closed` },
    });
    const zones = this.createZones(props);
    new Egress(this, 'egress', { kind: props.egress, vpc: this.vpc, cidr: props.cidr, zones });
    this.createS3Endpoint(environment.region, zones);
    if (props.flowLogs) new FlowLogs(this, 'flow-logs', { vpcId: this.vpc.id });
    this.vpcId = this.vpc.id;
    this.subnetIds = zones.map((zone) => zone.subnet.id);
    this.assignPublicIp = props.egress === 'public-ip';
  }

  private createZones({ cidr, availabilityZones }: OwnVpcProps): readonly Zone[] {
    const { names } = arm64Zones(this, 'zones', requireZones(availabilityZones));
    return Array.from({ length: availabilityZones }, (_, index) =>
      this.createZone(index, cidr, Fn.element(names, index)),
    );
  }

  private createZone(index: number, cidr: string, name: string): Zone {
    const tags = { Name: `${this.name}-tasks-${index + 1}` };
    const subnet = new Subnet(this, `subnet-${index + 1}`, {
      vpcId: this.vpc.id,
      availabilityZone: name,
      cidrBlock: Fn.cidrsubnet(cidr, TASK_SUBNET_BITS, index),
      tags,
      lifecycle: SUBNET_LIFECYCLE,
    });
    const routeTable = new RouteTable(this, `routes-${index + 1}`, { vpcId: this.vpc.id, tags });
    new RouteTableAssociation(this, `routed-${index + 1}`, {
      subnetId: subnet.id,
      routeTableId: routeTable.id,
    });
    return { name, subnet, routeTable };
  }

  /** Costs nothing, and keeps objects and image layers off the ways out that are billed. */
  private createS3Endpoint(region: string, zones: readonly Zone[]): void {
    new VpcEndpoint(this, 's3', {
      vpcId: this.vpc.id,
      serviceName: `com.amazonaws.${region}.s3`,
      vpcEndpointType: 'Gateway',
      routeTableIds: zones.map((zone) => zone.routeTable.id),
      tags: { Name: `${this.name}-s3` },
    });
  }
}

/** Without it, Terraform's `element` would start over, and two subnets would share a zone. */
function requireZones(zones: number): TerraformResourceLifecycle {
  return {
    postcondition: [
      {
        condition: Op.gte(Fn.lengthOf(TerraformSelf.getAny('names')), zones),
        errorMessage:
          `The region has fewer than ${zones} availability zones for Fargate; ` +
          'lower network.availabilityZones, or choose another region.',
      },
    ],
  };
}

/** Every flow of a VPC, accepted and rejected, in a log group. */
class FlowLogs extends Construct {
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
