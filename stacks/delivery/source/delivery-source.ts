import type { Construct } from 'constructs';
import type { Grantee } from '../../iam/grantee';

/** The pushes that start the delivery. */
export interface PushFilter {
  readonly branch: string;
  readonly paths: readonly string[];
  /** Terraform condition: whether the connection is confirmed. Absent: it is. */
  readonly isConfirmed?: string;
}

/** The source of the delivery, which also starts it. */
export interface DeliverySource {
  /** Provider and configuration of CodePipeline's source action. */
  readonly provider: 'CodeStarSourceConnection' | 'S3';
  readonly configuration: Readonly<Record<string, string>>;
  /** Variable of the action that names the built version. */
  readonly commit: 'CommitId' | 'VersionId';
  /** Pushes that start the delivery; absent: `createStartRule` does. */
  readonly push?: PushFilter;
  /** Outputs of the stack by their names. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Lets CodePipeline's role read the source. */
  grantRead(grantee: Grantee): void;
  /** Starts the delivery after a change. */
  createStartRule?(scope: Construct, pipelineArn: string): void;
}
