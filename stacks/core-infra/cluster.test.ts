import { coreInfra, referencesTo } from '../../test/fakes/stacks/core-infra-in-stack';
import { allOf, onlyOf } from '../../test/fakes/stacks/synthesised';

describe('OwnCluster', () => {
  test('runs on FARGATE and FARGATE_SPOT by the default strategy', () => {
    const { resources } = coreInfra();
    expect(onlyOf(resources, 'aws_ecs_cluster_capacity_providers')).toMatchObject({
      cluster_name: referencesTo(resources, 'aws_ecs_cluster', 'name')[0],
      capacity_providers: ['FARGATE', 'FARGATE_SPOT'],
      default_capacity_provider_strategy: [
        { capacity_provider: 'FARGATE', base: 2, weight: 1 },
        { capacity_provider: 'FARGATE_SPOT', weight: 4 },
      ],
    });
  });

  test('sets its capacity providers after the network, when a new account has ECS’s role', () => {
    const { resources } = coreInfra({ network: { egress: 'nat' } });
    const { depends_on } = onlyOf(resources, 'aws_ecs_cluster_capacity_providers');
    for (const type of ['aws_vpc', 'aws_subnet', 'aws_route', 'aws_nat_gateway']) {
      expect(depends_on).toContainEqual(expect.stringMatching(new RegExp(`^${type}\\.`)));
    }
  });

  test.each([
    [undefined, 'disabled'],
    ['off', 'disabled'],
    ['on', 'enabled'],
    ['enhanced', 'enhanced'],
  ] as const)('with Container Insights %s tells ECS "%s"', (containerInsights, value) => {
    const { resources } = coreInfra({
      cluster: { ...(containerInsights && { containerInsights }) },
    });
    expect(onlyOf(resources, 'aws_ecs_cluster')).toEqual({
      name: 'spillway-dev',
      setting: [{ name: 'containerInsights', value }],
    });
  });
});

describe('ExistingCluster', () => {
  test('is looked up by its name, and neither created nor changed', () => {
    const { resources, data, output } = coreInfra({ cluster: { existing: 'ours' } });
    expect(onlyOf(data, 'aws_ecs_cluster')).toEqual({ cluster_name: 'ours' });
    expect(allOf(resources, 'aws_ecs_cluster')).toEqual([]);
    expect(allOf(resources, 'aws_ecs_cluster_capacity_providers')).toEqual([]);
    expect(output.cluster_name?.value).toMatch(/^\$\{data\.aws_ecs_cluster\..*\.cluster_name\}$/);
  });
});
