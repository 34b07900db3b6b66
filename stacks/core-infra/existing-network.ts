import {
  DataAwsSubnets,
  type DataAwsSubnetsFilter,
} from '@cdktf/provider-aws/lib/data-aws-subnets';
import { DataAwsVpc } from '@cdktf/provider-aws/lib/data-aws-vpc';
import { Fn, Op, TerraformSelf } from 'cdktf';
import { Construct } from 'constructs';
import type { NetworkSettings } from '../config/blueprint-config';
import { EnvironmentScope } from '../iam/environment-scope';
import { arm64Zones, type Network } from './network';

export interface ExistingNetworkProps
  extends Pick<NetworkSettings, 'subnetIds' | 'assignPublicIp'> {
  readonly vpcId: string;
}

/**
 * A VPC and subnets of another owner: looked up, checked before anything is created, and never
 * changed.
 */
export class ExistingNetwork extends Construct implements Network {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly assignPublicIp: boolean;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ExistingNetworkProps,
  ) {
    super(scope, id);
    this.vpcId = new DataAwsVpc(this, 'vpc', { id: props.vpcId }).id;
    this.subnetIds = props.subnetIds;
    this.assignPublicIp = props.assignPublicIp;
    this.requireInside(props.vpcId);
    const { environment } = EnvironmentScope.of(this);
    const architectures = Object.values(environment.pipelines).map(
      (pipeline) => pipeline.architecture,
    );
    if (architectures.includes('arm64')) this.requireArm64();
  }

  /** The tasks' subnets and their security group must be in one VPC; else every launch fails. */
  private requireInside(vpcId: string): void {
    const filter = { name: 'vpc-id', values: [vpcId] };
    this.requireSubnets('inside', filter, (outside) => {
      return `VPC ${vpcId} has no subnet ${outside}; change network.subnetIds or network.vpcId.`;
    });
  }

  /** Launches in another zone would fail. */
  private requireArm64(): void {
    const filter = { name: 'availability-zone', values: arm64Zones(this, 'zones').names };
    this.requireSubnets('arm64', filter, (outside) => {
      return (
        `Fargate runs no ARM64 task where subnet ${outside} lies; ` +
        'change network.subnetIds, or set architecture to x86_64.'
      );
    });
  }

  private requireSubnets(
    id: string,
    filter: DataAwsSubnetsFilter,
    fault: (outside: string) => string,
  ): void {
    const subnetIds = [...this.props.subnetIds];
    const outside = Fn.setsubtract(subnetIds, TerraformSelf.getAny('ids'));
    new DataAwsSubnets(this, id, {
      filter: [{ name: 'subnet-id', values: subnetIds }, filter],
      lifecycle: {
        postcondition: [
          {
            // cdktf writes a literal 0 as `undefined`.
            condition: Op.lt(Fn.lengthOf(outside), 1),
            errorMessage: fault(Fn.join(', ', outside)),
          },
        ],
      },
    });
  }
}
