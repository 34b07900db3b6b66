import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification';
import { Construct } from 'constructs';
import type { EncryptionKey } from '../../iam/encryption-key';
import { EnvironmentScope } from '../../iam/environment-scope';
import type { Grantee } from '../../iam/grantee';
import { OwnBucket } from '../../queue-processing/buckets/own-bucket';
import { StartRule } from '../start-rule';
import type { DeliverySource } from './delivery-source';

const ARCHIVE = 'source.zip';

/** A versioned bucket for a zip archive of the repository; each new version is built. */
export class SourceArchive extends Construct implements DeliverySource {
  readonly provider = 'S3';
  readonly commit = 'VersionId';
  readonly configuration: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  private readonly bucket: OwnBucket;

  constructor(scope: Construct, id: string, { key }: { readonly key: EncryptionKey | undefined }) {
    super(scope, id);
    const { accountId, environment, prefix } = EnvironmentScope.of(this);
    this.bucket = new OwnBucket(this, 'bucket', {
      bucketName: `${prefix}-code-${accountId}`,
      key,
      expireAfterDays: null,
      versioning: true,
    });
    const { bucketName } = this.bucket;
    new S3BucketNotification(this, 'events', { bucket: bucketName, eventbridge: true });
    this.configuration = {
      S3Bucket: bucketName,
      S3ObjectKey: ARCHIVE,
      PollForSourceChanges: 'false',
    };
    this.outputs = {
      source_archive: `s3://${bucketName}/${ARCHIVE}`,
      source_command:
        `git archive --format=zip --output ${ARCHIVE} HEAD && ` +
        `aws s3 cp ${ARCHIVE} s3://${bucketName}/${ARCHIVE} --region ${environment.region}`,
    };
  }

  /** https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html */
  grantRead(grantee: Grantee): void {
    const { bucketArn, keyArn } = this.bucket;
    grantee.allow({
      sid: 'ReadSource',
      actions: ['s3:GetObject', 's3:GetObjectTagging', 's3:GetObjectVersion'],
      resources: [`${bucketArn}/${ARCHIVE}`],
    });
    grantee.allow({
      sid: 'InspectSource',
      actions: [
        's3:GetBucketAcl',
        's3:GetBucketLocation',
        's3:GetBucketVersioning',
        's3:ListBucket',
      ],
      resources: [bucketArn],
    });
    if (keyArn)
      grantee.allow({ sid: 'DecryptSource', actions: ['kms:Decrypt'], resources: [keyArn] });
  }

  createStartRule(scope: Construct, pipelineArn: string): void {
    const { environment, prefix } = EnvironmentScope.of(scope);
    new StartRule(scope, 'start', {
      name: `${prefix}-delivery-start`,
      description: `A new ${ARCHIVE} starts the delivery of ${environment.name}`,
      pattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [this.bucket.bucketName] }, object: { key: [ARCHIVE] } },
      },
      target: pipelineArn,
      action: 'codepipeline:StartPipelineExecution',
    });
  }
}
