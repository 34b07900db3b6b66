import { EcsCluster } from '@cdktf/provider-aws/lib/ecs-cluster';
import { EcsClusterCapacityProviders } from '@cdktf/provider-aws/lib/ecs-cluster-capacity-providers';
import { Construct } from 'constructs';
import type { ClusterSettings } from '../config/blueprint-config';
import { DEFAULT_PIPELINE } from '../config/defaults';
import { EnvironmentScope } from '../iam/environment-scope';
import { resourcesBelow } from '../iam/resources-below';
import type { Cluster } from './network';

export interface OwnClusterProps extends Pick<ClusterSettings, 'containerInsights'> {
  /** What is made meanwhile, so that a new account's role has time to spread. */
  readonly meanwhile: readonly Construct[];
}

/** ECS's words for the setting. */
const INSIGHTS = { off: 'disabled', on: 'enabled', enhanced: 'enhanced' } as const;

/** The strategy of a pipeline of which nothing is said. */
const DEFAULT_STRATEGY = [
  {
    capacityProvider: 'FARGATE',
    base: DEFAULT_PIPELINE.onDemandBase,
    weight: DEFAULT_PIPELINE.onDemandWeight,
  },
  { capacityProvider: 'FARGATE_SPOT', weight: DEFAULT_PIPELINE.spotWeight },
];

/** An ECS cluster on Fargate: no instances, nothing to pay while no task runs. */
export class OwnCluster extends Construct implements Cluster {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: OwnClusterProps) {
    super(scope, id);
    const cluster = new EcsCluster(this, 'cluster', {
      name: EnvironmentScope.of(this).prefix,
      setting: [{ name: 'containerInsights', value: INSIGHTS[props.containerInsights] }],
    });
    new EcsClusterCapacityProviders(this, 'providers', {
      clusterName: cluster.name,
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      // For what operators start by hand; the scaler names the provider of every task.
      defaultCapacityProviderStrategy: DEFAULT_STRATEGY,
      // The first cluster of an account makes ECS's service-linked role, which this call needs and
      // which cannot be assumed for some seconds; the provider tries only the cluster itself again.
      // https://github.com/alchemy-run/alchemy/issues/1558
      // https://github.com/hashicorp/terraform-provider-aws/issues/15452
      dependsOn: resourcesBelow(...props.meanwhile),
    });
    this.name = cluster.name;
    this.arn = cluster.arn;
  }
}
