import { coreInfra } from '../../test/fakes/stacks/core-infra-in-stack';
import { allOf, onlyOf } from '../../test/fakes/stacks/synthesised';

describe('ExistingCluster', () => {
  test('is looked up by its name, and neither made nor given capacity providers', () => {
    const { resources, data, output } = coreInfra({ cluster: { existing: 'ours' } });
    expect(onlyOf(data, 'aws_ecs_cluster')).toEqual({ cluster_name: 'ours' });
    expect(allOf(resources, 'aws_ecs_cluster')).toEqual([]);
    expect(allOf(resources, 'aws_ecs_cluster_capacity_providers')).toEqual([]);
    expect(output.cluster_name?.value).toMatch(/^\$\{data\.aws_ecs_cluster\..*\.cluster_name\}$/);
  });
});
