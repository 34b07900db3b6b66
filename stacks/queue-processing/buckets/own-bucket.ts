import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import type { Construct } from 'constructs';
import type { EncryptionKey } from '../../iam/encryption-key';
import { EnvironmentScope } from '../../iam/environment-scope';
import { denyWithoutTls } from '../../iam/grantee';
import { ObjectStore } from './object-store';

/** Days after which the parts of an unfinished upload are deleted. */
const ABORT_UPLOADS_DAYS = 7;
/** Days that the version of an overwritten or deleted object is kept. */
const NONCURRENT_DAYS = 30;

export interface OwnBucketProps {
  /** Globally unique. */
  readonly bucketName: string;
  /** `undefined`: a key that S3 manages. */
  readonly key: EncryptionKey | undefined;
  /** Days after which objects are deleted; `null`: never. */
  readonly expireAfterDays: number | null;
  /** Prefixes whose objects are deleted earlier. Default: none. */
  readonly expiring?: readonly ExpiringPrefix[];
  /** Whether overwritten and deleted objects are kept as versions. Default: the settings. */
  readonly versioning?: boolean;
}

/** Objects below a prefix, and the days after which they are deleted. */
export interface ExpiringPrefix {
  readonly id: string;
  readonly prefix: string;
  readonly days: number;
}

/** A bucket of the blueprint: private, encrypted, for its account alone, over TLS alone. */
export class OwnBucket extends ObjectStore {
  readonly bucketName: string;
  readonly bucketArn: string;
  readonly keyArn: string | undefined;

  constructor(scope: Construct, id: string, props: OwnBucketProps) {
    super(scope, id);
    const { forceDestroy, versioning } = EnvironmentScope.of(this).environment.buckets;
    const { id: bucket, arn } = new S3Bucket(this, 'bucket', {
      bucket: props.bucketName,
      forceDestroy,
    });
    this.bucketName = bucket;
    this.bucketArn = arn;
    this.keyArn = props.key?.arn;
    this.restrictAccess();
    this.encrypt();
    this.createLifecycle(props, props.versioning ?? versioning);
  }

  private restrictAccess(): void {
    const bucket = this.bucketName;
    const block = new S3BucketPublicAccessBlock(this, 'public-access-block', {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, 'ownership', {
      bucket,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
    });
    const statement = denyWithoutTls('s3:*', [this.bucketArn, `${this.bucketArn}/*`]);
    new S3BucketPolicy(this, 'policy', {
      bucket,
      policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
      // S3 refuses concurrent changes of a bucket's access.
      dependsOn: [block],
    });
  }

  private encrypt(): void {
    const algorithm = this.keyArn
      ? { sseAlgorithm: 'aws:kms', kmsMasterKeyId: this.keyArn }
      : { sseAlgorithm: 'AES256' };
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket: this.bucketName,
      rule: [
        {
          applyServerSideEncryptionByDefault: algorithm,
          // One request to KMS for many objects.
          ...(this.keyArn && { bucketKeyEnabled: true }),
          // The default of new buckets since April 2026, which S3 returns. Without it, each plan of
          // a provider before 6.40 would show a change.
          // https://github.com/hashicorp/terraform-provider-aws/issues/47320
          blockedEncryptionTypes: ['SSE-C'],
        },
      ],
    });
  }

  private createLifecycle(props: OwnBucketProps, versioning: boolean): void {
    const bucket = this.bucketName;
    const versions = versioning
      ? [
          new S3BucketVersioningA(this, 'versioning', {
            bucket,
            versioningConfiguration: { status: 'Enabled' },
          }),
        ]
      : [];
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket,
      rule: lifecycleRules(props, versioning).map((rule) => ({
        filter: [{}],
        ...rule,
        status: 'Enabled',
      })),
      dependsOn: versions,
    });
  }
}

function lifecycleRules({ expireAfterDays, expiring = [] }: OwnBucketProps, versioning: boolean) {
  return [
    {
      id: 'abort-uploads',
      abortIncompleteMultipartUpload: [{ daysAfterInitiation: ABORT_UPLOADS_DAYS }],
    },
    ...(expireAfterDays === null
      ? []
      : [{ id: 'expire', expiration: [{ days: expireAfterDays }] }]),
    ...expiring.map(({ id, prefix, days }) => ({
      id,
      filter: [{ prefix }],
      expiration: [{ days }],
    })),
    ...(versioning
      ? [
          {
            id: 'expire-versions',
            noncurrentVersionExpiration: [{ noncurrentDays: NONCURRENT_DAYS }],
          },
        ]
      : []),
  ];
}
