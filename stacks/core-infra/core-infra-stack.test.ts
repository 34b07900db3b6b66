import { TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { coreInfra, ingressRules, referencesTo } from '../../test/fakes/stacks/core-infra-in-stack';
import { devEnvironment } from '../../test/fakes/stacks/environment';
import { allOf, onlyOf, synthesised } from '../../test/fakes/stacks/synthesised';
import { resolveBlueprint } from '../config/load-config';
import { CoreInfraStack } from './core-infra-stack';

const VPC = 'vpc-0123456789abcdef0';
const SUBNET = 'subnet-0123456789abcdef0';
const privateDnsNamespace = 'batch.internal';
const NAMESPACE = 'aws_service_discovery_private_dns_namespace';

describe('CoreInfraStack', () => {
  test('creates a VPC and a cluster by default', () => {
    const { resources, output } = coreInfra();
    expect(onlyOf(resources, 'aws_vpc')).toMatchObject({ cidr_block: '10.42.0.0/16' });
    expect(onlyOf(resources, 'aws_ecs_cluster')).toMatchObject({ name: 'spillway-dev' });
    expect(output).toEqual({
      vpc_id: { value: referencesTo(resources, 'aws_vpc')[0] },
      subnet_ids: { value: referencesTo(resources, 'aws_subnet') },
      cluster_name: { value: referencesTo(resources, 'aws_ecs_cluster', 'name')[0] },
    });
  });

  test('bills nothing by the hour by default', () => {
    const { resources } = coreInfra();
    expect(Object.keys(resources).sort()).toEqual([
      'aws_default_security_group',
      'aws_ecs_cluster',
      'aws_ecs_cluster_capacity_providers',
      'aws_internet_gateway',
      'aws_route',
      'aws_route_table',
      'aws_route_table_association',
      'aws_subnet',
      'aws_vpc',
      'aws_vpc_endpoint',
    ]);
    expect(onlyOf(resources, 'aws_vpc_endpoint')).toMatchObject({ vpc_endpoint_type: 'Gateway' });
  });

  test('lets no traffic in by default', () => {
    expect(ingressRules(coreInfra())).toEqual([]);
  });

  test('creates nothing when VPC and cluster exist', () => {
    const { resources, output } = coreInfra({
      network: { vpcId: VPC, subnetIds: [SUBNET] },
      cluster: { existing: 'ours' },
    });
    expect(resources).toEqual({});
    expect(output.subnet_ids).toEqual({ value: [SUBNET] });
  });

  test('passes network and cluster to other stacks through its state', () => {
    const app = Testing.app();
    const { network, cluster } = new CoreInfraStack(app, devEnvironment());
    const other = new TerraformStack(app, 'other');
    new TerraformOutput(other, 'seen', {
      value: [network.vpcId, ...network.subnetIds, cluster.arn],
    });
    const { data, output } = synthesised(other);
    expect(Object.keys(data.terraform_remote_state ?? {})).toHaveLength(1);
    const state = /^\$\{data\.terraform_remote_state\./;
    const seen = Array.from({ length: 4 }, () => expect.stringMatching(state));
    expect(output.seen?.value).toEqual(seen);
  });

  test('keeps the environments of one account apart by their names', () => {
    const environments = resolveBlueprint({
      environments: { dev: { network: { flowLogs: true } }, prod: { network: { flowLogs: true } } },
    });
    const app = Testing.app();
    const [dev, prod] = environments.map((environment) =>
      namesIn(new CoreInfraStack(app, environment)),
    );
    expect(dev).toEqual(['spillway-dev', 'spillway-dev-flow-logs', 'spillway-dev-flow-logs']);
    expect(prod).toEqual(['spillway-prod', 'spillway-prod-flow-logs', 'spillway-prod-flow-logs']);
  });
});

describe('the private namespace', () => {
  test('does not exist by default', () => {
    expect(allOf(coreInfra().resources, NAMESPACE)).toEqual([]);
  });

  test('resolves in the own VPC', () => {
    const { resources } = coreInfra({ network: { privateDnsNamespace } });
    expect(onlyOf(resources, NAMESPACE)).toMatchObject({
      name: 'batch.internal',
      vpc: referencesTo(resources, 'aws_vpc')[0],
    });
  });

  test('resolves in an existing VPC', () => {
    const network = { vpcId: VPC, subnetIds: [SUBNET], privateDnsNamespace };
    const { resources, data } = coreInfra({ network });
    const [vpc] = Object.keys(data.aws_vpc ?? {});
    expect(onlyOf(resources, NAMESPACE)).toMatchObject({ vpc: `\${data.aws_vpc.${vpc}.id}` });
  });
});

function namesIn(stack: TerraformStack): readonly unknown[] {
  const { resources } = synthesised(stack);
  const types = ['aws_ecs_cluster', 'aws_cloudwatch_log_group', 'aws_iam_role'];
  return types.flatMap((type) => allOf(resources, type).map(({ name }) => name));
}
