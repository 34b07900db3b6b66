/** The network of the tasks, own or existing. */
export interface Network {
  readonly vpcId: string;
  /** Subnets of the tasks. */
  readonly subnetIds: readonly string[];
  /** Whether a task needs a public address to reach AWS. */
  readonly assignPublicIp: boolean;
}

/** The cluster of the tasks, own or existing. */
export interface Cluster {
  readonly name: string;
  readonly arn: string;
}
