import { Construct } from 'constructs';
import type { ExistingBucket } from '../../config/blueprint-config';
import { EnvironmentScope } from '../../iam/environment-scope';
import type { Grantee } from '../../iam/grantee';

/** A bucket that tasks read or write, own or existing. A prefix is empty or ends in `/`. */
export abstract class ObjectStore extends Construct {
  abstract readonly bucketName: string;
  abstract readonly bucketArn: string;
  /** KMS key of its objects; `undefined`: an AWS managed key. */
  abstract readonly keyArn: string | undefined;

  /** Lets a role read the objects below a prefix. */
  grantRead(role: Grantee, prefix: string): void {
    const objects = `${this.bucketArn}/${prefix}*`;
    role.allow({ sid: this.sid('Read'), actions: ['s3:GetObject'], resources: [objects] });
    this.allowKey(role, 'DecryptFrom', ['kms:Decrypt']);
  }

  /** Lets a role write objects, in one request or in parts: those below a prefix, or of a key. */
  grantWrite(role: Grantee, ...places: readonly string[]): void {
    const resources = places.map((place) => `${this.bucketArn}/${place}${isKey(place) ? '' : '*'}`);
    const actions = ['s3:PutObject', 's3:AbortMultipartUpload'];
    role.allow({ sid: this.sid('Write'), actions, resources });
    // A multipart upload decrypts its parts:
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    this.allowKey(role, 'EncryptTo', ['kms:GenerateDataKey', 'kms:Decrypt']);
  }

  /** Lets a role delete the objects below a prefix. */
  grantDelete(role: Grantee, prefix: string): void {
    const objects = `${this.bucketArn}/${prefix}*`;
    role.allow({ sid: this.sid('Delete'), actions: ['s3:DeleteObject'], resources: [objects] });
  }

  /**
   * Lets a role list the bucket, so that S3 returns 404, not 403, for a missing key. It has no
   * condition on `s3:prefix`, because a GetObject has no prefix.
   */
  grantList(role: Grantee): void {
    role.allow({ sid: this.sid('List'), actions: ['s3:ListBucket'], resources: [this.bucketArn] });
  }

  private allowKey(role: Grantee, verb: string, actions: readonly string[]): void {
    if (this.keyArn) role.allow({ sid: this.sid(verb), actions, resources: [this.keyArn] });
  }

  /**
   * `ReadPhotosSource` for `photos-source`: a statement's id holds letters and digits alone, and is
   * unique in its policy.
   */
  private sid(verb: string): string {
    const words = this.node.id.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
    return [verb, ...words].map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  }
}

/** A prefix is empty or ends in a slash. */
const isKey = (place: string) => place !== '' && !place.endsWith('/');

/** A bucket of another owner: grants name it, and its configuration is never written. */
export class ExistingBucketStore extends ObjectStore {
  readonly bucketName: string;
  readonly bucketArn: string;
  readonly keyArn: string | undefined;

  constructor(scope: Construct, id: string, props: ExistingBucket) {
    super(scope, id);
    this.bucketName = props.name;
    this.bucketArn = `arn:${EnvironmentScope.of(this).partition}:s3:::${props.name}`;
    this.keyArn = props.kmsKeyArn ?? undefined;
  }
}
