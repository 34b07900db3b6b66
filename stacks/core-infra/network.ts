import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones';
import type { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet';
import type { TerraformResourceLifecycle } from 'cdktf';
import type { Construct } from 'constructs';

/** The network of the tasks, own or existing. */
export interface Network {
  readonly vpcId: string;
  /** Subnets of the tasks. */
  readonly subnetIds: readonly string[];
  /** Whether a task needs a public address to reach AWS. */
  readonly assignPublicIp: boolean;
}

/** The cluster of the tasks, own or existing. */
export interface Cluster {
  readonly name: string;
  readonly arn: string;
}

/** Destination of a route that leads out of the VPC. */
export const ANYWHERE = '0.0.0.0/0';

/** One availability zone of the own VPC, with the subnet of its tasks and its route table. */
export interface Zone {
  /** Such as `us-east-1a`; a token until the deploy. */
  readonly name: string;
  readonly subnet: Subnet;
  readonly routeTable: RouteTable;
}

/**
 * Ids of the availability zones where Fargate runs no ARM64 task.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html
 */
const ZONES_WITHOUT_ARM64 = ['use1-az3'];

/**
 * The lifecycle of subnets. When AWS adds or withdraws a zone, the list of zones shifts, and a
 * deploy would otherwise replace subnets of running tasks.
 */
export const SUBNET_LIFECYCLE = { ignoreChanges: ['availability_zone'] };

/** Looks up the zones of the region where Fargate runs tasks of either architecture. */
export function arm64Zones(
  scope: Construct,
  id: string,
  lifecycle?: TerraformResourceLifecycle,
): DataAwsAvailabilityZones {
  return new DataAwsAvailabilityZones(scope, id, {
    state: 'available',
    // Local and wavelength zones have no Fargate.
    filter: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }],
    excludeZoneIds: ZONES_WITHOUT_ARM64,
    ...(lifecycle && { lifecycle }),
  });
}
