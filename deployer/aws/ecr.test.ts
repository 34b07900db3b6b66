import { ECRClient } from '@aws-sdk/client-ecr';
import { fakePort } from '../../test/fakes/aws-server';
import { createImages } from './ecr';

const { open: images, calls } = fakePort((options) => createImages(new ECRClient(options)));

const DIGEST = 'sha256:1';
const INDEX = 'application/vnd.oci.image.index.v1+json';

test('an image is looked for by its digest', async () => {
  const port = await images({
    DescribeImages: () => ({ body: { imageDetails: [{ imageDigest: DIGEST }] } }),
  });
  expect(await port.has('worker', DIGEST)).toBe(true);
  expect(calls()[0]?.input).toEqual({
    repositoryName: 'worker',
    imageIds: [{ imageDigest: DIGEST }],
  });
});

test('an image that is not there is not there', async () => {
  const port = await images({
    DescribeImages: () => ({ status: 400, type: 'ImageNotFoundException' }),
  });
  expect(await port.has('worker', DIGEST)).toBe(false);
});

test('a tag is added to the manifest as it was pushed', async () => {
  const image = { imageManifest: '{"as":"pushed"}', imageManifestMediaType: INDEX };
  const port = await images({
    BatchGetImage: () => ({ body: { images: [image] } }),
    PutImage: () => ({ body: {} }),
  });
  await port.tag('worker', DIGEST, 'promoted.photos.1');
  expect(calls().map(({ input }) => input)).toEqual([
    {
      repositoryName: 'worker',
      imageIds: [{ imageDigest: DIGEST }],
      acceptedMediaTypes: expect.arrayContaining([INDEX]),
    },
    { repositoryName: 'worker', imageDigest: DIGEST, imageTag: 'promoted.photos.1', ...image },
  ]);
});

test('a tag that the image has already changes nothing', async () => {
  const port = await images({
    BatchGetImage: () => ({ body: { images: [{ imageManifest: '{}' }] } }),
    PutImage: () => ({ status: 400, type: 'ImageAlreadyExistsException' }),
  });
  await expect(port.tag('worker', DIGEST, 'promoted.photos.1')).resolves.toBeUndefined();
});

test('fails when the tag belongs to another image', async () => {
  const port = await images({
    BatchGetImage: () => ({ body: { images: [{ imageManifest: '{}' }] } }),
    PutImage: () => ({ status: 400, type: 'ImageTagAlreadyExistsException', message: 'taken' }),
  });
  await expect(port.tag('worker', DIGEST, 't')).rejects.toThrow('taken');
});

test('fails when an image to tag is not there', async () => {
  const port = await images({ BatchGetImage: () => ({ body: { images: [], failures: [{}] } }) });
  await expect(port.tag('worker', DIGEST, 't')).rejects.toThrow(
    'sha256:1 is not in the ECR repository worker',
  );
});

test('fails when there is no repository, naming it', async () => {
  const missing = { status: 400, type: 'RepositoryNotFoundException' };
  const port = await images({ DescribeImages: () => missing, BatchGetImage: () => missing });
  const sentence = 'There is no ECR repository worker: deploy the delivery stack';
  await expect(port.has('worker', DIGEST)).rejects.toThrow(sentence);
  await expect(port.tag('worker', DIGEST, 't')).rejects.toThrow(sentence);
});
