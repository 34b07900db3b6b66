import {
  coreInfra,
  referenced,
  referencesTo,
  wayOut,
} from '../../test/fakes/stacks/core-infra-in-stack';
import { allOf } from '../../test/fakes/stacks/synthesised';

const open = (availabilityZones: number) =>
  coreInfra({ network: { egress: 'nat-per-az', availabilityZones } }).resources;

describe('NatGateways', () => {
  test('are in public subnets of their own, outside the three quarters of the tasks', () => {
    const resources = open(3);
    const subnetIds = allOf(resources, 'aws_nat_gateway').map(({ subnet_id }) => subnet_id);
    expect(subnetIds.map((id) => referenced(resources, id).cidr_block)).toEqual([
      `\${cidrsubnet("10.42.0.0/16", 4, 12)}`,
      `\${cidrsubnet("10.42.0.0/16", 4, 13)}`,
      `\${cidrsubnet("10.42.0.0/16", 4, 14)}`,
    ]);
    const [gateway_id] = referencesTo(resources, 'aws_internet_gateway');
    expect(subnetIds.map((id) => wayOut(resources, id))).toMatchObject([
      { gateway_id },
      { gateway_id },
      { gateway_id },
    ]);
  });

  test('are in the zone of their tasks', () => {
    const resources = open(2);
    const served = allOf(resources, 'aws_subnet').filter(({ tags }) =>
      JSON.stringify(tags).includes('-tasks-'),
    );
    const zones = allOf(resources, 'aws_nat_gateway').map(
      ({ subnet_id }) => referenced(resources, subnet_id).availability_zone,
    );
    expect(zones).toHaveLength(2);
    expect(zones).toEqual(served.map(({ availability_zone }) => availability_zone));
  });

  test('have an address each, and are created after the internet gateway', () => {
    const resources = open(3);
    const gateways = allOf(resources, 'aws_nat_gateway');
    expect(gateways.map(({ allocation_id }) => allocation_id)).toEqual(
      referencesTo(resources, 'aws_eip', 'allocation_id'),
    );
    const [gateway] = Object.keys(resources.aws_internet_gateway ?? {});
    for (const nat of gateways) expect(nat.depends_on).toEqual([`aws_internet_gateway.${gateway}`]);
  });
});
