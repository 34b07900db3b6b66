import { DataAwsSubnet } from '@cdktf/provider-aws/lib/data-aws-subnet';
import { DataAwsVpc } from '@cdktf/provider-aws/lib/data-aws-vpc';
import { Fn, Op, type Postcondition, TerraformSelf } from 'cdktf';
import { Construct } from 'constructs';
import type { NetworkSettings } from '../config/blueprint-config';
import type { EnvironmentScope } from './environment-scope';
import type { Network } from './network';
import { ZONES_WITHOUT_ARM64 } from './zones';

export interface ExistingNetworkProps extends Pick<NetworkSettings, 'subnetIds' | 'assignPublicIp'> {
  readonly vpcId: string;
}

/** A VPC and subnets that somebody else made: looked up and checked, never changed. */
export class ExistingNetwork extends Construct implements Network {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly assignPublicIp: boolean;

  constructor(scope: Construct, id: string, at: EnvironmentScope, props: ExistingNetworkProps) {
    super(scope, id);
    const { pipelines } = at.environment;
    const anyArm64 = Object.values(pipelines).some((pipeline) => pipeline.architecture === 'arm64');
    this.vpcId = new DataAwsVpc(this, 'vpc', { id: props.vpcId }).id;
    this.subnetIds = props.subnetIds.map((subnetId, index) => {
      const postcondition = [liesIn(props.vpcId, subnetId), ...(anyArm64 ? [runsArm64(subnetId)] : [])];
      return new DataAwsSubnet(this, `subnet-${index + 1}`, { id: subnetId, lifecycle: { postcondition } })
        .id;
    });
    this.assignPublicIp = props.assignPublicIp;
  }
}

function liesIn(vpcId: string, subnetId: string): Postcondition {
  return {
    condition: Op.eq(TerraformSelf.getString('vpc_id'), vpcId),
    errorMessage: `Subnet ${subnetId} is not in VPC ${vpcId}; change network.subnetIds or network.vpcId.`,
  };
}

function runsArm64(subnetId: string): Postcondition {
  return {
    condition: Op.not(Fn.contains([...ZONES_WITHOUT_ARM64], TerraformSelf.getString('availability_zone_id'))),
    errorMessage: `Subnet ${subnetId} is in a zone where Fargate runs no ARM64 task (${ZONES_WITHOUT_ARM64.join(', ')}); change network.subnetIds, or set architecture to x86_64.`,
  };
}
