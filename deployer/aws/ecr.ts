import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  type ECRClient,
  PutImageCommand,
} from '@aws-sdk/client-ecr';
import type { Images } from '../ports';

/**
 * Every kind of manifest that a builder may have pushed, so that ECR returns it byte by byte.
 */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

export function createImages(client: ECRClient): Images {
  return {
    async has(repositoryName, imageDigest) {
      try {
        const { imageDetails = [] } = await client.send(
          new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest }] }),
        );
        return imageDetails.length > 0;
      } catch (error) {
        if (nameOf(error) === 'ImageNotFoundException') return false;
        throw told(error, repositoryName);
      }
    },
    async tag(repositoryName, imageDigest, imageTag) {
      try {
        const { imageManifest, imageManifestMediaType } = await manifestOf(
          client,
          repositoryName,
          imageDigest,
        );
        await client.send(
          new PutImageCommand({
            repositoryName,
            imageDigest,
            imageManifest,
            imageManifestMediaType,
            imageTag,
          }),
        );
      } catch (error) {
        if (nameOf(error) !== 'ImageAlreadyExistsException') throw told(error, repositoryName);
      }
    },
  };
}

async function manifestOf(client: ECRClient, repositoryName: string, imageDigest: string) {
  const { images = [] } = await client.send(
    new BatchGetImageCommand({
      repositoryName,
      imageIds: [{ imageDigest }],
      acceptedMediaTypes: MANIFESTS,
    }),
  );
  if (images[0]) return images[0];
  throw new Error(`The image ${imageDigest} is not in the ECR repository ${repositoryName}.`);
}

function told(error: unknown, repository: string): unknown {
  if (nameOf(error) !== 'RepositoryNotFoundException') return error;
  return new Error(
    `There is no ECR repository ${repository}: deploy the delivery stack of this environment ` +
      'first.',
    {
      cause: error,
    },
  );
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
