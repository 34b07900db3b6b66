import type { Construct } from 'constructs';
import type { Grantee } from '../../iam/grantee';

/** Which pushes start the pipeline. */
export interface PushFilter {
  readonly branch: string;
  readonly paths: readonly string[];
  /** Whether pushes can be heard, as Terraform's condition; absent: they can. */
  readonly isConfirmed?: string;
}

/** What starts the delivery, as the pipeline sees it. */
export interface DeliverySource {
  /** The source action, in the words of CodePipeline. */
  readonly provider: 'CodeStarSourceConnection' | 'S3';
  readonly configuration: Readonly<Record<string, string>>;
  /** Variable of the action that names what was built. */
  readonly commit: 'CommitId' | 'VersionId';
  /** Filter of pushes; absent: an event of another kind starts the pipeline. */
  readonly push?: PushFilter;
  /** Outputs of the stack by their names. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Lets the pipeline's role read it. */
  grantRead(grantee: Grantee): void;
  /** Starts the pipeline after a change; absent where a filter of pushes does. */
  createStartRule?(scope: Construct, pipelineArn: string): void;
}
