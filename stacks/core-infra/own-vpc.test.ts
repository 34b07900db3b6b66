import { coreInfra, referencesTo, routed } from '../../test/fakes/stacks/core-infra-in-stack';
import { allOf, onlyOf } from '../../test/fakes/stacks/synthesised';

describe('OwnVpc', () => {
  test('resolves names, including private names of endpoints', () => {
    const { resources } = coreInfra();
    expect(onlyOf(resources, 'aws_vpc')).toMatchObject({
      enable_dns_support: true,
      enable_dns_hostnames: true,
      tags: { Name: 'spillway-dev' },
    });
  });

  test('empties the default security group of the VPC', () => {
    const { resources } = coreInfra();
    const group = onlyOf(resources, 'aws_default_security_group');
    expect(group).toMatchObject({ vpc_id: referencesTo(resources, 'aws_vpc')[0] });
    expect(Object.keys(group).sort()).toEqual(['tags', 'vpc_id']);
  });

  test.each([2, 3])(
    'has one subnet in each of %i zones, a quarter of the range each',
    (availabilityZones) => {
      const { resources, data } = coreInfra({
        network: { availabilityZones, cidr: '10.7.0.0/20' },
      });
      const [names] = referencesTo(data, 'aws_availability_zones', 'names').map((reference) =>
        reference.replace('${', 'data.').replace('}', ''),
      );
      expect(allOf(resources, 'aws_subnet')).toMatchObject(
        Array.from({ length: availabilityZones }, (_, index) => ({
          availability_zone: `\${element(${names}, ${index})}`,
          cidr_block: `\${cidrsubnet("10.7.0.0/20", 2, ${index})}`,
        })),
      );
    },
  );

  test.each(['public-ip', 'nat-per-az'] as const)(
    'keeps every subnet in its zone when the list of zones shifts, with %s',
    (egress) => {
      const subnets = allOf(coreInfra({ network: { egress } }).resources, 'aws_subnet');
      expect(subnets.length).toBeGreaterThan(1);
      for (const { lifecycle } of subnets)
        expect(lifecycle).toEqual({ ignore_changes: ['availability_zone'] });
    },
  );

  test('assigns no public address to other launches in its subnets', () => {
    for (const subnet of allOf(coreInfra().resources, 'aws_subnet')) {
      expect(subnet).not.toHaveProperty('map_public_ip_on_launch');
    }
  });

  test('uses only zones with Fargate for both architectures', () => {
    expect(onlyOf(coreInfra().data, 'aws_availability_zones')).toMatchObject({
      state: 'available',
      filter: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }],
      exclude_zone_ids: ['use1-az3'],
    });
  });

  test('fails when the region has fewer zones', () => {
    const { data } = coreInfra({ network: { availabilityZones: 3 } });
    expect(onlyOf(data, 'aws_availability_zones').lifecycle).toMatchObject({
      postcondition: [
        {
          condition: `\${(length(self.names) >= 3)}`,
          error_message: expect.stringMatching(/fewer than 3 .* lower network\.availabilityZones/),
        },
      ],
    });
  });

  test.each(['public-ip', 'nat', 'nat-per-az', 'endpoints'] as const)(
    'reaches S3 from every task through the gateway endpoint (%s)',
    (egress) => {
      const { resources, output } = coreInfra({ region: 'eu-central-1', network: { egress } });
      const tables = [output.subnet_ids?.value]
        .flat()
        .map((id) => routed(resources, id).route_table_id);
      const gateways = allOf(resources, 'aws_vpc_endpoint').filter(
        (endpoint) => endpoint.vpc_endpoint_type === 'Gateway',
      );
      expect(gateways).toMatchObject([
        { service_name: 'com.amazonaws.eu-central-1.s3', route_table_ids: tables },
      ]);
    },
  );

  test('keeps the subnets of tasks when the egress changes', () => {
    const kept = (egress: 'public-ip' | 'nat-per-az' | 'endpoints') => {
      const { resources, output } = coreInfra({ network: { egress, availabilityZones: 3 } });
      const subnets = Object.entries(resources.aws_subnet ?? {});
      return subnets.filter(([id]) => JSON.stringify(output.subnet_ids).includes(id));
    };
    expect(kept('public-ip')).toHaveLength(3);
    expect(kept('nat-per-az')).toEqual(kept('public-ip'));
    expect(kept('endpoints')).toEqual(kept('public-ip'));
  });
});

const openWithFlowLogs = () =>
  coreInfra({ logRetentionDays: 7, network: { flowLogs: true } }).resources;

describe('FlowLogs', () => {
  test('do not exist by default', () => {
    const { resources } = coreInfra();
    expect(allOf(resources, 'aws_flow_log')).toEqual([]);
    expect(allOf(resources, 'aws_iam_role')).toEqual([]);
  });

  test('record every flow of the VPC, with the retention of all logs', () => {
    const resources = openWithFlowLogs();
    expect(onlyOf(resources, 'aws_flow_log')).toMatchObject({
      vpc_id: referencesTo(resources, 'aws_vpc')[0],
      traffic_type: 'ALL',
      log_destination: referencesTo(resources, 'aws_cloudwatch_log_group', 'arn')[0],
      iam_role_arn: referencesTo(resources, 'aws_iam_role', 'arn')[0],
    });
    expect(onlyOf(resources, 'aws_cloudwatch_log_group')).toMatchObject({
      name: 'spillway-dev-flow-logs',
      retention_in_days: 7,
    });
  });

  test('are written by a role that may do nothing else', () => {
    const resources = openWithFlowLogs();
    const { Statement } = JSON.parse(`${onlyOf(resources, 'aws_iam_role_policy').policy}`);
    const [group] = referencesTo(resources, 'aws_cloudwatch_log_group', 'arn');
    expect(Statement).toEqual([
      {
        Sid: 'DeliverFlows',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        Resource: [`${group}:*`],
      },
    ]);
    expect(`${onlyOf(resources, 'aws_iam_role').assume_role_policy}`).toContain(
      'vpc-flow-logs.amazonaws.com',
    );
  });
});
