import type { Construct } from 'constructs';
import type { EncryptionKey } from '../iam/encryption-key';
import { EnvironmentScope } from '../iam/environment-scope';
import type { Grantee } from '../iam/grantee';
import { KEY_USE } from '../iam/key-policy';
import { OwnBucket } from '../queue-processing/buckets/own-bucket';

const ARTEFACT_DAYS = 30;
/**
 * Of a pipeline's name CodePipeline takes so many characters, and a slash, for the keys of its
 * artefacts.
 */
const NAME_CHARACTERS = 20;
/** What CodePipeline and CodeBuild look at before they take a bucket. */
const INSPECT = ['s3:GetBucketAcl', 's3:GetBucketLocation'];

/** What the stages hand to one another, and the deployer's archive, which stays. */
export class ArtefactBucket extends OwnBucket {
  constructor(scope: Construct, id: string, { key }: { readonly key: EncryptionKey | undefined }) {
    const { accountId, deliveryNames, prefix } = EnvironmentScope.of(scope);
    const artefacts = deliveryNames.pipeline.slice(0, NAME_CHARACTERS);
    super(scope, id, {
      bucketName: `${prefix}-artefacts-${accountId}`,
      key,
      expireAfterDays: null,
      expiring: [{ id: 'expire-artefacts', prefix: artefacts, days: ARTEFACT_DAYS }],
      // Everything in it is written once.
      versioning: false,
    });
  }

  /** Lets a role take what an earlier stage has left. */
  grantReadArtefacts(grantee: Grantee): void {
    grantee.allow({
      sid: 'TakeArtefacts',
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: [`${this.bucketArn}/*`],
    });
    grantee.allow({ sid: 'InspectArtefacts', actions: INSPECT, resources: [this.bucketArn] });
    this.grantKey(grantee);
  }

  /**
   * Lets the pipeline's role keep what its stages make. `sets`: whether its source action sets the
   * ACL of what it keeps, too.
   */
  grantWriteArtefacts(grantee: Grantee, sets: 'objects' | 'objects and ACLs'): void {
    grantee.allow({
      sid: 'KeepArtefacts',
      actions: [
        's3:GetObject',
        's3:GetObjectVersion',
        's3:PutObject',
        ...(sets === 'objects' ? [] : ['s3:PutObjectAcl']),
      ],
      resources: [`${this.bucketArn}/*`],
    });
    grantee.allow({
      sid: 'InspectArtefacts',
      actions: [...INSPECT, 's3:GetBucketVersioning'],
      resources: [this.bucketArn],
    });
    this.grantKey(grantee);
  }

  /**
   * What AWS's own examples give a role of CodePipeline and of CodeBuild on the key of their
   * artefacts. https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-kms.html
   * https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html
   */
  private grantKey(grantee: Grantee): void {
    if (!this.keyArn) return;
    grantee.allow({
      sid: 'UseKeyOfArtefacts',
      actions: ['kms:DescribeKey', ...KEY_USE],
      resources: [this.keyArn],
    });
  }
}
