import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet';
import type { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import type { NetworkSettings, PipelineSettings } from '../config/blueprint-config';
import { secretLocation } from '../config/program-settings';
import { EnvironmentScope } from '../iam/environment-scope';
import { NatGateways } from './nat-gateways';
import { ANYWHERE, type Zone } from './network';

export interface EgressProps {
  readonly kind: NetworkSettings['egress'];
  readonly vpc: Vpc;
  /** Range of the VPC. */
  readonly cidr: string;
  readonly zones: readonly Zone[];
}

/** How tasks reach S3, SQS, ECR and CloudWatch Logs. No kind lets traffic in. */
export class Egress extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: EgressProps,
  ) {
    super(scope, id);
    const kinds: Record<EgressProps['kind'], () => void> = {
      'public-ip': () => this.createInternetRoutes(),
      nat: () => this.createNatRoutes(1),
      'nat-per-az': () => this.createNatRoutes(props.zones.length),
      endpoints: () => this.createEndpoints(),
    };
    kinds[props.kind]();
  }

  /** ECS assigns each task its public address; the subnets assign none. */
  private createInternetRoutes(): void {
    const gateway = this.createInternetGateway();
    for (const [index, { routeTable }] of this.props.zones.entries()) {
      new Route(this, `out-${index + 1}`, {
        routeTableId: routeTable.id,
        destinationCidrBlock: ANYWHERE,
        gatewayId: gateway.id,
      });
    }
  }

  private createNatRoutes(gateways: number): void {
    const { vpc, cidr, zones } = this.props;
    const internetGateway = this.createInternetGateway();
    const nat = new NatGateways(this, 'nat', {
      vpc,
      cidr,
      zones,
      gateways,
      internetGateway,
    });
    for (const [index, { routeTable }] of zones.entries()) {
      new Route(this, `out-${index + 1}`, {
        routeTableId: routeTable.id,
        destinationCidrBlock: ANYWHERE,
        natGatewayId: nat.idFor(index),
      });
    }
  }

  private createEndpoints(): void {
    const { vpc, cidr, zones } = this.props;
    new InterfaceEndpoints(this, 'endpoints', {
      vpc,
      cidr,
      subnets: zones.map((zone) => zone.subnet),
    });
  }

  private createInternetGateway(): InternetGateway {
    const tags = { Name: EnvironmentScope.of(this).prefix };
    return new InternetGateway(this, 'gateway', { vpcId: this.props.vpc.id, tags });
  }
}

const HTTPS_PORT = 443;
/** The services that a task calls besides S3, by the ids of their endpoints. */
const SERVICES = { 'ecr-api': 'ecr.api', 'ecr-dkr': 'ecr.dkr', logs: 'logs', sqs: 'sqs' } as const;

interface InterfaceEndpointsProps {
  readonly vpc: Vpc;
  /** Range of the VPC; only its addresses may connect. */
  readonly cidr: string;
  /** One per zone; each endpoint costs $0.01 an hour in each subnet. */
  readonly subnets: readonly Subnet[];
}

/** ECS reads the secrets of a task from the task's subnet. */
function secretServices(pipelines: readonly PipelineSettings[]): Readonly<Record<string, string>> {
  const arns = pipelines.flatMap(({ secrets }) => Object.values(secrets));
  const services = arns.flatMap((arn) => secretLocation(arn)?.service ?? []);
  return Object.fromEntries(services.map((service) => [service, service]));
}

/** AWS services inside the VPC, under their public names. */
class InterfaceEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: InterfaceEndpointsProps) {
    super(scope, id);
    const { environment, prefix } = EnvironmentScope.of(this);
    const name = `${prefix}-endpoints`;
    const group = this.createSecurityGroup(name, props);
    const services = { ...SERVICES, ...secretServices(Object.values(environment.pipelines)) };
    for (const [endpointId, service] of Object.entries(services)) {
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
