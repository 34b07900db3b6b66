import { Construct } from 'constructs';
import { environmentPrefix, pipelinePrefix } from '../../pipeline/names';
import type { ExistingBucket, PipelineSettings } from '../config/blueprint-config';
import type { EncryptionKey } from './encryption-key';
import type { EnvironmentScope } from './environment-scope';
import { ExistingBucketStore } from './existing-bucket';
import type { ObjectStore } from './object-store';
import { OwnBucket } from './own-bucket';

type Side = 'source' | 'destination';

export interface EnvironmentBucketsProps {
  /** `undefined`: the key that S3 manages. */
  readonly key: EncryptionKey | undefined;
}

/** The buckets of all pipelines: one for each side of a pipeline, one for each side of the environment, or existing ones. */
export class EnvironmentBuckets extends Construct {
  private readonly shared = new Map<Side, ObjectStore>();

  constructor(
    scope: Construct,
    id: string,
    private readonly at: EnvironmentScope,
    private readonly props: EnvironmentBucketsProps,
  ) {
    super(scope, id);
  }

  sourceOf(pipeline: string, { existingSourceBucket }: PipelineSettings): ObjectStore {
    return this.storeOf(pipeline, 'source', existingSourceBucket);
  }

  destinationOf(pipeline: string, { existingDestinationBucket }: PipelineSettings): ObjectStore {
    return this.storeOf(pipeline, 'destination', existingDestinationBucket);
  }

  private storeOf(pipeline: string, side: Side, existing: ExistingBucket | null): ObjectStore {
    if (existing) return new ExistingBucketStore(this, `${pipeline}-${side}`, this.at, existing);
    if (this.at.environment.buckets.shared) return this.sharedStore(side);
    const { blueprint, name: environment } = this.at.environment;
    return this.createBucket(
      `${pipeline}-${side}`,
      pipelinePrefix({ blueprint, environment, pipeline }),
      side,
    );
  }

  /** Made for the first pipeline that asks, so that there is none when all pipelines have existing ones. */
  private sharedStore(side: Side): ObjectStore {
    const store =
      this.shared.get(side) ?? this.createBucket(side, environmentPrefix(this.at.environment), side);
    this.shared.set(side, store);
    return store;
  }

  private createBucket(id: string, prefix: string, side: Side): ObjectStore {
    const { expireSourcesAfterDays, expireRenditionsAfterDays } = this.at.environment.buckets;
    return new OwnBucket(this, id, this.at, {
      // The account makes the name unique in the world.
      bucketName: `${prefix}-${side}-${this.at.accountId}`,
      key: this.props.key,
      expireAfterDays: side === 'source' ? expireSourcesAfterDays : expireRenditionsAfterDays,
    });
  }
}
