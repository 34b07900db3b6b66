/** Where tasks run, whoever made it. */
export interface Network {
  readonly vpcId: string;
  /** Subnets of the tasks. */
  readonly subnetIds: readonly string[];
  /** Whether a task needs a public address to reach AWS. */
  readonly assignPublicIp: boolean;
}

/** The cluster that runs the tasks, whoever made it. */
export interface Cluster {
  readonly name: string;
  readonly arn: string;
}
