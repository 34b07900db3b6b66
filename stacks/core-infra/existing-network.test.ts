import { coreInfra } from '../../test/fakes/stacks/core-infra-in-stack';
import { allOf, onlyOf } from '../../test/fakes/stacks/synthesised';

const VPC = 'vpc-0123456789abcdef0';
const SUBNETS = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'];

const open = (architecture: 'arm64' | 'x86_64' = 'arm64') =>
  coreInfra({
    network: { vpcId: VPC, subnetIds: SUBNETS },
    pipelines: { photos: { architecture } },
  });

const lookup = (filter: string) =>
  allOf(open().data, 'aws_subnets').find((subnets) =>
    JSON.stringify(subnets.filter).includes(filter),
  );

describe('ExistingNetwork', () => {
  test('looks the VPC up and changes nothing in it', () => {
    const { resources, data, output } = open();
    expect(onlyOf(data, 'aws_vpc')).toEqual({ id: VPC });
    expect(Object.keys(resources)).toEqual([
      'aws_ecs_cluster',
      'aws_ecs_cluster_capacity_providers',
    ]);
    expect(output.subnet_ids).toEqual({ value: SUBNETS });
  });

  test('fails when a subnet is not in the VPC, and names it', () => {
    const subnets = JSON.stringify(SUBNETS).replace(',', ', ');
    expect(lookup('vpc-id')).toMatchObject({
      filter: [
        { name: 'subnet-id', values: SUBNETS },
        { name: 'vpc-id', values: [VPC] },
      ],
      lifecycle: {
        postcondition: [
          {
            condition: `\${(length(setsubtract(${subnets}, self.ids)) < 1)}`,
            error_message: expect.stringMatching(
              /^VPC vpc-\w+ has no subnet \$\{join\(.*\)\}; change .*subnetIds or .*vpcId\.$/,
            ),
          },
        ],
      },
    });
  });

  test('fails when Fargate has no ARM64 tasks in the zone of a subnet, and names it', () => {
    expect(lookup('availability-zone')).toMatchObject({
      lifecycle: {
        postcondition: [
          {
            error_message: expect.stringMatching(
              /^Fargate runs no ARM64 task where subnet \$\{join\(.*\)\} lies/,
            ),
          },
        ],
      },
    });
    expect(onlyOf(open().data, 'aws_availability_zones')).toMatchObject({
      exclude_zone_ids: ['use1-az3'],
    });
  });

  test('accepts every zone when no pipeline is ARM64', () => {
    const { data } = open('x86_64');
    expect(allOf(data, 'aws_subnets')).toHaveLength(1);
    expect(allOf(data, 'aws_availability_zones')).toEqual([]);
  });
});
