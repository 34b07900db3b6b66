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

/** The way by which tasks reach S3, SQS, ECR and CloudWatch Logs. None of them lets anything in. */
export class Egress extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: EgressProps,
  ) {
    super(scope, id);
    const ways: Record<EgressProps['kind'], () => void> = {
      'public-ip': () => this.leaveByGateway(),
      nat: () => this.leaveByNat(1),
      'nat-per-az': () => this.leaveByNat(props.zones.length),
      endpoints: () => this.stayInside(),
    };
    ways[props.kind]();
  }

  /** ECS gives each task its public address, so that the subnets give none to anything else. */
  private leaveByGateway(): void {
    const gateway = this.createInternetGateway();
    for (const [index, { routeTable }] of this.props.zones.entries()) {
      new Route(this, `out-${index + 1}`, {
        routeTableId: routeTable.id,
        destinationCidrBlock: ANYWHERE,
        gatewayId: gateway.id,
      });
    }
  }

  private leaveByNat(gateways: number): void {
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

  private stayInside(): void {
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
