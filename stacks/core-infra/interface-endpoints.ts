import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet';
import type { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import { EnvironmentScope } from '../iam/environment-scope';

const HTTPS_PORT = 443;
/** The services that a task calls besides S3, by the ids of their endpoints. */
const SERVICES = { 'ecr-api': 'ecr.api', 'ecr-dkr': 'ecr.dkr', logs: 'logs', sqs: 'sqs' } as const;

export interface InterfaceEndpointsProps {
  readonly vpc: Vpc;
  /** Range of the VPC; only its addresses may connect. */
  readonly cidr: string;
  /** One per zone; each endpoint costs $0.01 an hour in each subnet. */
  readonly subnets: readonly Subnet[];
}

/** AWS services inside the VPC, under their public names. */
export class InterfaceEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: InterfaceEndpointsProps) {
    super(scope, id);
    const { environment, prefix } = EnvironmentScope.of(this);
    const name = `${prefix}-endpoints`;
    const group = this.createSecurityGroup(name, props);
    for (const [endpointId, service] of Object.entries(SERVICES)) {
      new VpcEndpoint(this, endpointId, {
        vpcId: props.vpc.id,
        serviceName: `com.amazonaws.${environment.region}.${service}`,
        vpcEndpointType: 'Interface',
        privateDnsEnabled: true,
        subnetIds: props.subnets.map((subnet) => subnet.id),
        securityGroupIds: [group.id],
        tags: { Name: `${name}-${endpointId}` },
      });
    }
  }

  private createSecurityGroup(name: string, { vpc, cidr }: InterfaceEndpointsProps): SecurityGroup {
    const group = new SecurityGroup(this, 'group', {
      vpcId: vpc.id,
      name,
      description: 'Interface endpoints: HTTPS from inside the VPC',
      tags: { Name: name },
    });
    new VpcSecurityGroupIngressRule(this, 'https', {
      securityGroupId: group.id,
      description: 'HTTPS from inside the VPC',
      cidrIpv4: cidr,
      ipProtocol: 'tcp',
      fromPort: HTTPS_PORT,
      toPort: HTTPS_PORT,
    });
    return group;
  }
}
