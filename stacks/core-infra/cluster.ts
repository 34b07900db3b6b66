import { DataAwsEcsCluster } from '@cdktf/provider-aws/lib/data-aws-ecs-cluster';
import { EcsCluster } from '@cdktf/provider-aws/lib/ecs-cluster';
import { EcsClusterCapacityProviders } from '@cdktf/provider-aws/lib/ecs-cluster-capacity-providers';
import { Construct } from 'constructs';
import type { ClusterSettings } from '../config/blueprint-config';
import { DEFAULT_PIPELINE } from '../config/schema';
import { EnvironmentScope, resourcesBelow } from '../iam/environment-scope';
import type { Cluster } from './network';

export interface OwnClusterProps extends Pick<ClusterSettings, 'containerInsights'> {
  /** Created before the capacity providers, so that a new account's role has time to spread. */
  readonly dependsOn: readonly Construct[];
}

/** The values of ECS. */
const INSIGHTS = { off: 'disabled', on: 'enabled', enhanced: 'enhanced' } as const;

/** The strategy of a pipeline with default settings. */
const DEFAULT_STRATEGY = [
  {
    capacityProvider: 'FARGATE',
    base: DEFAULT_PIPELINE.onDemandBase,
    weight: DEFAULT_PIPELINE.onDemandWeight,
  },
  { capacityProvider: 'FARGATE_SPOT', weight: DEFAULT_PIPELINE.spotWeight },
];

/** An ECS cluster on Fargate, without instances: it costs nothing while no task runs. */
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
      // For tasks that operators start by hand; the scaler names the provider of every task.
      defaultCapacityProviderStrategy: DEFAULT_STRATEGY,
      // The first cluster of an account creates ECS's service-linked role. This call needs that
      // role, which cannot be assumed for some seconds; the provider retries only the cluster.
      // https://github.com/alchemy-run/alchemy/issues/1558
      // https://github.com/hashicorp/terraform-provider-aws/issues/15452
      dependsOn: resourcesBelow(...props.dependsOn),
    });
    this.name = cluster.name;
    this.arn = cluster.arn;
  }
}

/** A cluster of another owner: looked up, never changed. */
export class ExistingCluster extends Construct implements Cluster {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: { readonly name: string }) {
    super(scope, id);
    const cluster = new DataAwsEcsCluster(this, 'cluster', { clusterName: props.name });
    this.name = cluster.clusterName;
    this.arn = cluster.arn;
  }
}
