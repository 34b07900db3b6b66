import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import type { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { Construct } from 'constructs';
import type { NetworkSettings } from '../config/blueprint-config';
import { EnvironmentScope } from '../iam/environment-scope';
import { InterfaceEndpoints } from './interface-endpoints';
import { NatGateways } from './nat-gateways';
import { ANYWHERE, type Zone } from './zones';

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
