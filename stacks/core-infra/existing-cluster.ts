import { DataAwsEcsCluster } from '@cdktf/provider-aws/lib/data-aws-ecs-cluster';
import { Construct } from 'constructs';
import type { Cluster } from './network';

/** A cluster that somebody else made: looked up, never changed. */
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
