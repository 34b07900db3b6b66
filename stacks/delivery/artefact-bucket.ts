import type { Construct } from 'constructs';
import { type EncryptionKey, KEY_USE } from '../iam/encryption-key';
import { EnvironmentScope } from '../iam/environment-scope';
import type { Grantee } from '../iam/grantee';
import { OwnBucket } from '../queue-processing/buckets/own-bucket';

const ARTEFACT_DAYS = 30;
/** The keys of CodePipeline's artefacts begin with this much of its name, and a slash. */
const NAME_CHARACTERS = 20;
/** What CodePipeline and CodeBuild read before they use a bucket. */
const INSPECT_ACTIONS = ['s3:GetBucketAcl', 's3:GetBucketLocation'];

/** The artefacts of the stages, which expire, and the deployer's archive, which does not. */
export class ArtefactBucket extends OwnBucket {
  constructor(scope: Construct, id: string, { key }: { readonly key: EncryptionKey | undefined }) {
    const { accountId, deliveryNames, prefix } = EnvironmentScope.of(scope);
    const artefacts = deliveryNames.pipeline.slice(0, NAME_CHARACTERS);
    super(scope, id, {
      bucketName: `${prefix}-artefacts-${accountId}`,
      key,
      expireAfterDays: null,
      expiring: [{ id: 'expire-artefacts', prefix: artefacts, days: ARTEFACT_DAYS }],
      // Its objects are written once.
      versioning: false,
    });
  }

  /** Lets a role read the artefacts of earlier stages. */
  grantReadArtefacts(grantee: Grantee): void {
    grantee.allow({
      sid: 'TakeArtefacts',
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: [`${this.bucketArn}/*`],
    });
    grantee.allow({
      sid: 'InspectArtefacts',
      actions: INSPECT_ACTIONS,
      resources: [this.bucketArn],
    });
    this.grantKey(grantee);
  }

  /**
   * Lets CodePipeline's role write the artefacts of its stages. `written`: whether its source
   * action also sets the ACL of an artefact.
   */
  grantWriteArtefacts(grantee: Grantee, written: 'objects' | 'objects and ACLs'): void {
    grantee.allow({
      sid: 'KeepArtefacts',
      actions: [
        's3:GetObject',
        's3:GetObjectVersion',
        's3:PutObject',
        ...(written === 'objects' ? [] : ['s3:PutObjectAcl']),
      ],
      resources: [`${this.bucketArn}/*`],
    });
    grantee.allow({
      sid: 'InspectArtefacts',
      actions: [...INSPECT_ACTIONS, 's3:GetBucketVersioning'],
      resources: [this.bucketArn],
    });
    this.grantKey(grantee);
  }

  /**
   * The permissions of AWS's own examples for roles of CodePipeline and CodeBuild.
   * https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-kms.html
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
