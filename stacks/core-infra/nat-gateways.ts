import { Eip } from '@cdktf/provider-aws/lib/eip';
import type { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import type { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { EnvironmentScope } from '../iam/environment-scope';
import { ANYWHERE, SUBNET_LIFECYCLE, type Zone } from './network';

/** Each subnet is a sixteenth of the range: a `/28` of a `/24`, the smallest that AWS allows. */
const SUBNET_BITS = 4;
/** The tasks' subnets hold the first three quarters. */
const FIRST_SUBNET = 12;

export interface NatGatewaysProps {
  readonly vpc: Vpc;
  /** Range of the VPC. */
  readonly cidr: string;
  readonly zones: readonly Zone[];
  /** Number of gateways, in the first zones; $0.045 an hour each. */
  readonly gateways: number;
  readonly internetGateway: InternetGateway;
}

/** NAT gateways, each with its address and a public subnet that holds nothing else. */
export class NatGateways extends Construct {
  private readonly ids: readonly string[];
  private readonly name: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: NatGatewaysProps,
  ) {
    super(scope, id);
    this.name = `${EnvironmentScope.of(this).prefix}-nat`;
    const routeTable = this.createPublicRoutes();
    this.ids = props.zones
      .slice(0, props.gateways)
      .map((zone, index) => this.createGateway(index, zone, routeTable).id);
  }

  /** The gateway of a zone, or of another zone when there are fewer gateways than zones. */
  idFor(zone: number): string {
    return this.ids[zone % this.ids.length] as string;
  }

  private createPublicRoutes(): RouteTable {
    const { vpc, internetGateway } = this.props;
    const table = new RouteTable(this, 'routes', { vpcId: vpc.id, tags: { Name: this.name } });
    new Route(this, 'out', {
      routeTableId: table.id,
      destinationCidrBlock: ANYWHERE,
      gatewayId: internetGateway.id,
    });
    return table;
  }

  private createGateway(index: number, zone: Zone, routeTable: RouteTable): NatGateway {
    const { vpc, cidr, internetGateway } = this.props;
    const number = index + 1;
    const tags = { Name: `${this.name}-${number}` };
    const subnet = new Subnet(this, `subnet-${number}`, {
      vpcId: vpc.id,
      availabilityZone: zone.name,
      cidrBlock: Fn.cidrsubnet(cidr, SUBNET_BITS, FIRST_SUBNET + index),
      tags,
      lifecycle: SUBNET_LIFECYCLE,
    });
    new RouteTableAssociation(this, `routed-${number}`, {
      subnetId: subnet.id,
      routeTableId: routeTable.id,
    });
    const dependsOn = [internetGateway];
    const address = new Eip(this, `address-${number}`, { domain: 'vpc', tags, dependsOn });
    return new NatGateway(this, `gateway-${number}`, {
      allocationId: address.allocationId,
      subnetId: subnet.id,
      tags,
      // AWS refuses a NAT gateway whose VPC has no internet gateway yet.
      dependsOn,
    });
  }
}
