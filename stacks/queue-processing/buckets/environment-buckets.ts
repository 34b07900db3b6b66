import { Construct } from 'constructs';
import { CANARY_PREFIX } from '../../../contract/delivery';
import type { ExistingBucket, PipelineSettings } from '../../config/blueprint-config';
import type { EncryptionKey } from '../../iam/encryption-key';
import { EnvironmentScope } from '../../iam/environment-scope';
import { ExistingBucketStore, type ObjectStore } from './object-store';
import { OwnBucket } from './own-bucket';

type Side = 'source' | 'destination';

/** Days after which S3 deletes the objects of a canary that crashed. */
const CANARY_DAYS = 1;

export interface EnvironmentBucketsProps {
  /** `undefined`: the key that S3 manages. */
  readonly key: EncryptionKey | undefined;
}

/**
 * The buckets of all pipelines: one for each side of a pipeline, one for each side of the
 * environment, or existing ones.
 */
export class EnvironmentBuckets extends Construct {
  private readonly shared = new Map<Side, ObjectStore>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: EnvironmentBucketsProps,
  ) {
    super(scope, id);
  }

  storeOf(pipeline: string, side: Side, settings: PipelineSettings): ObjectStore {
    const existing = existingBucket(settings, side);
    if (existing) return new ExistingBucketStore(this, `${pipeline}-${side}`, existing);
    const { shared } = EnvironmentScope.of(this).environment.buckets;
    return shared
      ? this.sharedStore(side)
      : this.createBucket(`${pipeline}-${side}`, side, [settings]);
  }

  /** Created for the first pipeline that needs it; pipelines with existing buckets do not. */
  private sharedStore(side: Side): ObjectStore {
    const { environment } = EnvironmentScope.of(this);
    const users = Object.values(environment.pipelines).filter(
      (settings) => !existingBucket(settings, side),
    );
    const store = this.shared.get(side) ?? this.createBucket(side, side, users);
    this.shared.set(side, store);
    return store;
  }

  private createBucket(id: string, side: Side, users: readonly PipelineSettings[]): ObjectStore {
    const { accountId, environment, prefix } = EnvironmentScope.of(this);
    const { expireSourcesAfterDays, expireRenditionsAfterDays } = environment.buckets;
    return new OwnBucket(this, id, {
      // The account makes the name globally unique.
      bucketName: `${prefix}-${id}-${accountId}`,
      key: this.props.key,
      expireAfterDays: side === 'source' ? expireSourcesAfterDays : expireRenditionsAfterDays,
      ...(users.some(({ image }) => image === null) && { expiring: [CANARIES] }),
    });
  }
}

const CANARIES = { id: 'expire-canaries', prefix: CANARY_PREFIX, days: CANARY_DAYS };

function existingBucket(settings: PipelineSettings, side: Side): ExistingBucket | null {
  return side === 'source' ? settings.existingSourceBucket : settings.existingDestinationBucket;
}
