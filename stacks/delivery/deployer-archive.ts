import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../config/blueprint-config';
import type { Grantee } from '../iam/grantee';
import type { ArtefactBucket } from './artefact-bucket';

const ARCHIVE = join(__dirname, '..', '..', 'deployer', 'dist', 'deployer.zip');

export interface DeployerArchiveProps {
  readonly bucket: ArtefactBucket;
  /** Archive of the bundle; default: where `npm run build` puts it. */
  readonly archive?: string;
}

/**
 * The deployer's program. The deploy of the stacks uploads it, so that no commit changes the judge
 * of its own image.
 */
export class DeployerArchive extends Construct {
  /** `s3://…`; it changes with the content. */
  readonly uri: string;
  private readonly arn: string;

  constructor(scope: Construct, id: string, { bucket, archive = ARCHIVE }: DeployerArchiveProps) {
    super(scope, id);
    if (!existsSync(archive)) {
      throw new ConfigError([
        `The deployer's bundle is missing: there is no ${archive}. ` +
          'Run `npm run build` and then the same command again.',
      ]);
    }
    const asset = new TerraformAsset(this, 'bundle', { path: archive, type: AssetType.FILE });
    const { bucketName, bucketArn } = bucket;
    const key = `deployer/${asset.assetHash}.zip`;
    const object = new S3Object(this, 'object', {
      bucket: bucketName,
      key,
      source: asset.path,
      // An object may have ten tags; the provider's default tags may be forty-two:
      // https://github.com/hashicorp/terraform-provider-aws/issues/19895
      overrideProvider: { defaultTags: { tags: {} } },
      // A deploy that begins at the same time finds the archive that its project names.
      lifecycle: { createBeforeDestroy: true },
    });
    this.uri = `s3://${bucketName}/${object.key}`;
    this.arn = `${bucketArn}/${key}`;
  }

  /** Lets a role read exactly this archive. */
  grantRead(grantee: Grantee): void {
    grantee.allow({ sid: 'ReadDeployer', actions: ['s3:GetObject'], resources: [this.arn] });
  }
}
