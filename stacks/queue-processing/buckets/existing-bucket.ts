import type { Construct } from 'constructs';
import type { ExistingBucket } from '../../config/blueprint-config';
import { EnvironmentScope } from '../../iam/environment-scope';
import { ObjectStore } from './object-store';

/**
 * A bucket that someone else made: grants speak of it, and nothing is ever written to its
 * configuration.
 */
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
