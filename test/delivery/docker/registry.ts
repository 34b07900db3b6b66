import { ECR } from '@aws-sdk/client-ecr';
import { DockerError, splitOnce } from './arguments';
import { MANIFEST_TYPE, type StoredImage, sha256 } from './image-store';

/** The calls of ECR that stand behind a registry's push and pull, as its permissions tell:
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
export class Registry {
  private readonly ecr = new ECR({});

  /** @param reference `registry/repository:tag`. */
  async push(reference: string, { manifest }: StoredImage): Promise<void> {
    const { repositoryName, imageTag } = partsOf(reference);
    const { config, layers } = JSON.parse(manifest) as Manifest;
    for (const { digest } of [config, ...layers]) await this.pushLayer(repositoryName, digest);
    const imageManifestMediaType = MANIFEST_TYPE;
    const image = { imageTag, imageManifest: manifest, imageManifestMediaType };
    await this.ecr.putImage({ repositoryName, ...image });
  }

  /** Writes a build's cache, which is a manifest and one layer to ECR. */
  async pushCache(reference: string, content: string): Promise<void> {
    const { repositoryName, imageTag } = partsOf(reference);
    await this.pushLayer(repositoryName, sha256(content));
    const imageManifestMediaType = MANIFEST_TYPE;
    const image = { imageTag, imageManifest: content, imageManifestMediaType };
    await this.ecr.putImage({ repositoryName, ...image });
  }

  /** @returns whether there was a cache; one that is missing fails no build. */
  async pullCache(reference: string): Promise<boolean> {
    const { repositoryName, imageTag } = partsOf(reference);
    const { images = [] } = await this.ecr.batchGetImage({
      repositoryName,
      imageIds: [{ imageTag }],
    });
    const manifest = images[0]?.imageManifest;
    if (manifest === undefined) return false;
    const layerDigest = sha256(manifest);
    await this.ecr.getDownloadUrlForLayer({ repositoryName, layerDigest });
    return true;
  }

  close(): void {
    this.ecr.destroy();
  }

  private async pushLayer(repositoryName: string, layerDigest: string): Promise<void> {
    const layerDigests = [layerDigest];
    await this.ecr.batchCheckLayerAvailability({ repositoryName, layerDigests });
    const { uploadId } = await this.ecr.initiateLayerUpload({ repositoryName });
    const layerPartBlob = Buffer.from(layerDigest);
    const part = { partFirstByte: 0, partLastByte: layerPartBlob.length, layerPartBlob };
    await this.ecr.uploadLayerPart({ repositoryName, uploadId, ...part });
    await this.ecr.completeLayerUpload({ repositoryName, uploadId, layerDigests });
  }
}

interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string }[];
}

export function registryOf(reference: string): string {
  return splitOnce(reference, '/')[0];
}

function partsOf(reference: string) {
  const [, path = ''] = splitOnce(reference, '/');
  const [repositoryName, imageTag] = splitOnce(path, ':');
  if (!imageTag) throw new DockerError(`invalid reference format: ${reference} has no tag`);
  return { repositoryName, imageTag };
}
