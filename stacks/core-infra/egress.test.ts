import {
  coreInfra,
  ingressRules,
  referencesTo,
  wayOut,
} from '../../test/fakes/stacks/core-infra-in-stack';
import { allOf, onlyOf } from '../../test/fakes/stacks/synthesised';
import type { NetworkSettings } from '../config/blueprint-config';

type Kind = NetworkSettings['egress'];

const open = (egress: Kind) => {
  const core = coreInfra({ network: { egress, availabilityZones: 3 } });
  const subnetIds = [core.output.subnet_ids?.value].flat();
  return {
    core,
    resources: core.resources,
    ways: subnetIds.map((id) => wayOut(core.resources, id)),
  };
};

describe('Egress', () => {
  test('routes every task to the internet gateway when tasks have public addresses', () => {
    const { resources, ways } = open('public-ip');
    const [gateway_id] = referencesTo(resources, 'aws_internet_gateway');
    expect(ways).toMatchObject([{ gateway_id }, { gateway_id }, { gateway_id }]);
  });

  test('routes every task to the one NAT gateway', () => {
    const { resources, ways } = open('nat');
    const gateways = referencesTo(resources, 'aws_nat_gateway');
    expect(gateways).toHaveLength(1);
    const [nat_gateway_id] = gateways;
    expect(ways).toMatchObject([{ nat_gateway_id }, { nat_gateway_id }, { nat_gateway_id }]);
  });

  test('routes every task to the NAT gateway of its zone', () => {
    const { resources, ways } = open('nat-per-az');
    const gateways = referencesTo(resources, 'aws_nat_gateway');
    expect(gateways).toHaveLength(3);
    expect(ways.map((way) => way?.nat_gateway_id)).toEqual(gateways);
  });

  test('routes nothing out of the VPC with endpoints', () => {
    const { resources, ways } = open('endpoints');
    expect(ways).toEqual([undefined, undefined, undefined]);
    expect(allOf(resources, 'aws_internet_gateway')).toEqual([]);
    expect(allOf(resources, 'aws_route')).toEqual([]);
  });

  test.each<[Kind, number]>([
    ['public-ip', 0],
    ['nat', 0],
    ['nat-per-az', 0],
    ['endpoints', 1],
  ])('with %s has %i rules that let something in', (egress, rules) => {
    expect(ingressRules(open(egress).core)).toHaveLength(rules);
  });
});

const openEndpoints = (region = 'us-east-1') =>
  coreInfra({ region, network: { egress: 'endpoints', cidr: '10.7.0.0/20' } });

const endpointsOf = (resources: ReturnType<typeof openEndpoints>['resources']) =>
  allOf(resources, 'aws_vpc_endpoint').filter(
    (endpoint) => endpoint.vpc_endpoint_type === 'Interface',
  );

describe('InterfaceEndpoints', () => {
  test('cover the services that a task calls besides S3, in the region of the environment', () => {
    const services = endpointsOf(openEndpoints('eu-central-1').resources).map(
      ({ service_name }) => service_name,
    );
    expect(services.sort()).toEqual([
      'com.amazonaws.eu-central-1.ecr.api',
      'com.amazonaws.eu-central-1.ecr.dkr',
      'com.amazonaws.eu-central-1.logs',
      'com.amazonaws.eu-central-1.sqs',
    ]);
  });

  test('cover the services that keep the secrets of a pipeline', () => {
    const secrets = {
      A: 'arn:aws:ssm:us-east-1:123456789012:parameter/a',
      B: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:b-AbCdEf',
      C: 'arn:aws:ssm:us-east-1:123456789012:parameter/c',
    };
    const pipelines = { photos: { secrets } };
    const { resources } = coreInfra({ network: { egress: 'endpoints' }, pipelines });
    const services = endpointsOf(resources).map(({ service_name }) => service_name);
    expect(services).toHaveLength(6);
    expect(services).toEqual(
      expect.arrayContaining([
        'com.amazonaws.us-east-1.ssm',
        'com.amazonaws.us-east-1.secretsmanager',
      ]),
    );
  });

  test('are in the subnet of every zone, under the public names of the services', () => {
    const { resources } = openEndpoints();
    for (const endpoint of endpointsOf(resources)) {
      expect(endpoint).toMatchObject({
        private_dns_enabled: true,
        subnet_ids: referencesTo(resources, 'aws_subnet'),
        security_group_ids: referencesTo(resources, 'aws_security_group'),
      });
    }
    expect(endpointsOf(resources)).toHaveLength(4);
  });

  test('accept only HTTPS from inside the VPC', () => {
    const { resources } = openEndpoints();
    expect(onlyOf(resources, 'aws_vpc_security_group_ingress_rule')).toMatchObject({
      security_group_id: referencesTo(resources, 'aws_security_group')[0],
      cidr_ipv4: '10.7.0.0/20',
      ip_protocol: 'tcp',
      from_port: 443,
      to_port: 443,
    });
    expect(onlyOf(resources, 'aws_security_group')).not.toHaveProperty('ingress');
  });
});
