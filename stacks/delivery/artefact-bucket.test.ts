import { StackFixture } from '../../test/fakes/stacks/construct-in-stack';
import { onlyOf } from '../../test/fakes/stacks/synthesised';
import { EncryptionKey } from '../iam/encryption-key';
import { ArtefactBucket } from './artefact-bucket';

const NAME = 'spillway-dev-artefacts-123456789012';

const open = ({ withKey = false } = {}) => {
  const fixture = new StackFixture();
  const key = withKey ? new EncryptionKey(fixture.stack, 'encryption') : undefined;
  return { fixture, bucket: new ArtefactBucket(fixture.stack, 'artefacts', { key }) };
};

test('is private and accepts only TLS, as every bucket of the blueprint', () => {
  const resources = open().fixture.resources();
  expect(onlyOf(resources, 'aws_s3_bucket')).toMatchObject({ bucket: NAME });
  expect(onlyOf(resources, 'aws_s3_bucket_public_access_block')).toMatchObject({
    restrict_public_buckets: true,
  });
  expect(onlyOf(resources, 'aws_s3_bucket_policy').policy).toContain(
    '"aws:SecureTransport":"false"',
  );
});

test('deletes artefacts after a month, but not the deployer', () => {
  const { rule } = onlyOf(open().fixture.resources(), 'aws_s3_bucket_lifecycle_configuration');
  expect(rule).toEqual([
    expect.objectContaining({ id: 'abort-uploads' }),
    {
      id: 'expire-artefacts',
      status: 'Enabled',
      // CodePipeline cuts its name, `spillway-dev-delivery`, after 20 characters.
      filter: [{ prefix: 'spillway-dev-deliver' }],
      expiration: [{ days: 30 }],
    },
  ]);
});

test('an own key encrypts it and is part of each grant', () => {
  const { fixture, bucket } = open({ withKey: true });
  bucket.grantWriteArtefacts(fixture.role, 'objects');
  expect(fixture.grants().map(([sid]) => sid)).toEqual([
    'KeepArtefacts',
    'InspectArtefacts',
    'UseKeyOfArtefacts',
  ]);
  expect(
    JSON.stringify(
      onlyOf(fixture.resources(), 'aws_s3_bucket_server_side_encryption_configuration'),
    ),
  ).toContain('key/own');
});
