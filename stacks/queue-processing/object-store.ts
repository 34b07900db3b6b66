import { Construct } from 'constructs';
import type { Grantee } from '../iam/grantee';

/**
 * A bucket that tasks read or write, whoever made it. Prefixes are key prefixes: empty, or ending
 * in `/`.
 */
export abstract class ObjectStore extends Construct {
  abstract readonly bucketName: string;
  abstract readonly bucketArn: string;
  /** KMS key of its objects; `undefined` with a key that AWS manages. */
  abstract readonly keyArn: string | undefined;

  /** Lets a role read the objects below a prefix. */
  grantRead(role: Grantee, prefix: string): void {
    this.allow(role, 'Read', ['s3:GetObject'], `${this.bucketArn}/${prefix}*`);
    this.allowKey(role, 'DecryptFrom', ['kms:Decrypt']);
  }

  /** Lets a role write objects below a prefix. */
  grantWrite(role: Grantee, prefix: string): void {
    this.allow(role, 'Write', ['s3:PutObject'], `${this.bucketArn}/${prefix}*`);
    // A multipart upload decrypts its parts:
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    this.allowKey(role, 'EncryptTo', ['kms:GenerateDataKey', 'kms:Decrypt']);
  }

  /**
   * Lets a role list the bucket, so that S3 answers 404, not 403, for a missing key. There is no
   * condition on `s3:prefix`, since a GetObject has none.
   */
  grantList(role: Grantee): void {
    this.allow(role, 'List', ['s3:ListBucket'], this.bucketArn);
  }

  private allow(role: Grantee, verb: string, actions: readonly string[], resource: string): void {
    role.allow({ sid: `${verb}${statementName(this.node.id)}`, actions, resources: [resource] });
  }

  private allowKey(role: Grantee, verb: string, actions: readonly string[]): void {
    if (this.keyArn) this.allow(role, verb, actions, this.keyArn);
  }
}

/**
 * `photos-source` → `PhotosSource`: a statement's id holds letters and digits alone, once in a
 * policy.
 */
function statementName(id: string): string {
  const words = id.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
