import type { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet';

/** Destination of a route that leads out of the VPC. */
export const ANYWHERE = '0.0.0.0/0';

/**
 * Ids of the availability zones where Fargate runs no ARM64 task.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html
 */
export const ZONES_WITHOUT_ARM64: readonly string[] = ['use1-az3'];

/** One availability zone of the own VPC, with the subnet of its tasks and the way out of that. */
export interface Zone {
  /** Such as `us-east-1a`; a token until the deploy. */
  readonly name: string;
  readonly subnet: Subnet;
  readonly routeTable: RouteTable;
}
