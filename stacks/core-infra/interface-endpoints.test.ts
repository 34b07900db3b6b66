import { coreInfra, referencesTo } from '../../test/fakes/stacks/core-infra-in-stack';
import { allOf, onlyOf } from '../../test/fakes/stacks/synthesised';

const open = (region = 'us-east-1') =>
  coreInfra({ region, network: { egress: 'endpoints', cidr: '10.7.0.0/20' } });

const endpointsOf = (resources: ReturnType<typeof open>['resources']) =>
  allOf(resources, 'aws_vpc_endpoint').filter(
    (endpoint) => endpoint.vpc_endpoint_type === 'Interface',
  );

describe('InterfaceEndpoints', () => {
  test('cover the services that a task calls besides S3, in the region of the environment', () => {
    const services = endpointsOf(open('eu-central-1').resources).map(
      ({ service_name }) => service_name,
    );
    expect(services.sort()).toEqual([
      'com.amazonaws.eu-central-1.ecr.api',
      'com.amazonaws.eu-central-1.ecr.dkr',
      'com.amazonaws.eu-central-1.logs',
      'com.amazonaws.eu-central-1.sqs',
    ]);
  });

  test('are in the subnet of every zone, under the public names of the services', () => {
    const { resources } = open();
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
    const { resources } = open();
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
