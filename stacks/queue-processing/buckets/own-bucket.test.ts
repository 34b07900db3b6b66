import { StackFixture } from '../../../test/fakes/stacks/construct-in-stack';
import { onlyOf, policyOf } from '../../../test/fakes/stacks/synthesised';
import { judge } from '../../../test/iam/simulate';
import { EncryptionKey } from '../../iam/encryption-key';
import { OwnBucket } from './own-bucket';

const NAME = 'spillway-dev-photos-source-123456789012';
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/own';

const plain = () => {
  const fixture = new StackFixture();
  const props = { bucketName: NAME, key: undefined, expireAfterDays: null };
  return { fixture, bucket: new OwnBucket(fixture.stack, 'source', props) };
};

const custom = () => {
  const fixture = new StackFixture({
    environments: { dev: { buckets: { versioning: true, forceDestroy: true } } },
  });
  const key = new EncryptionKey(fixture.stack, 'encryption');
  const props = { bucketName: NAME, key, expireAfterDays: 14 };
  return { fixture, bucket: new OwnBucket(fixture.stack, 'source', props) };
};

describe('OwnBucket', () => {
  test('is private, of one account, encrypted by S3, and not destroyed with objects', () => {
    const resources = plain().fixture.resources();
    expect(onlyOf(resources, 'aws_s3_bucket')).toMatchObject({
      bucket: NAME,
      force_destroy: false,
    });
    expect(onlyOf(resources, 'aws_s3_bucket_public_access_block')).toMatchObject({
      bucket: NAME,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(onlyOf(resources, 'aws_s3_bucket_ownership_controls')).toMatchObject({
      bucket: NAME,
      rule: { object_ownership: 'BucketOwnerEnforced' },
    });
    const { rule } = onlyOf(resources, 'aws_s3_bucket_server_side_encryption_configuration');
    expect(rule).toEqual([
      {
        apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' },
        blocked_encryption_types: ['SSE-C'],
      },
    ]);
  });

  test('keeps everything except the parts of unfinished uploads', () => {
    const resources = plain().fixture.resources();
    expect(resources.aws_s3_bucket_versioning).toBeUndefined();
    expect(onlyOf(resources, 'aws_s3_bucket_lifecycle_configuration').rule).toEqual([
      {
        id: 'abort-uploads',
        status: 'Enabled',
        filter: [{}],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      },
    ]);
  });

  test('uses key, expiry, versioning and `forceDestroy` of the settings', () => {
    const resources = custom().fixture.resources();
    expect(onlyOf(resources, 'aws_s3_bucket')).toMatchObject({ force_destroy: true });
    expect(onlyOf(resources, 'aws_s3_bucket_server_side_encryption_configuration').rule).toEqual([
      {
        apply_server_side_encryption_by_default: {
          sse_algorithm: 'aws:kms',
          kms_master_key_id: KEY,
        },
        bucket_key_enabled: true,
        blocked_encryption_types: ['SSE-C'],
      },
    ]);
    expect(onlyOf(resources, 'aws_s3_bucket_versioning')).toMatchObject({
      versioning_configuration: { status: 'Enabled' },
    });
    const { rule, depends_on } = onlyOf(resources, 'aws_s3_bucket_lifecycle_configuration');
    expect(rule).toEqual([
      expect.objectContaining({ id: 'abort-uploads' }),
      { id: 'expire', status: 'Enabled', filter: [{}], expiration: [{ days: 14 }] },
      {
        id: 'expire-versions',
        status: 'Enabled',
        filter: [{}],
        noncurrent_version_expiration: [{ noncurrent_days: 30 }],
      },
    ]);
    expect(depends_on).toEqual([expect.stringMatching(/^aws_s3_bucket_versioning\./)]);
  });

  test('can expire a prefix earlier, and keep versions against the settings', () => {
    const fixture = new StackFixture();
    new OwnBucket(fixture.stack, 'source', {
      bucketName: NAME,
      key: undefined,
      expireAfterDays: null,
      expiring: [{ id: 'expire-canaries', prefix: 'canary/', days: 1 }],
      versioning: true,
    });
    expect(onlyOf(fixture.resources(), 'aws_s3_bucket_lifecycle_configuration').rule).toEqual([
      expect.objectContaining({ id: 'abort-uploads' }),
      {
        id: 'expire-canaries',
        status: 'Enabled',
        filter: [{ prefix: 'canary/' }],
        expiration: [{ days: 1 }],
      },
      expect.objectContaining({ id: 'expire-versions' }),
    ]);
  });

  test.each([
    ['over TLS', 'true', 'Allowed'],
    ['fails when it comes without TLS', 'false', 'ExplicitlyDenied'],
  ])('a request of a role with the grant: %s', async (_how, secure, verdict) => {
    const { fixture, bucket } = plain();
    bucket.grantRead(fixture.role, 'ecsproc/');
    const resources = fixture.resources();
    const request = {
      principal: 'arn:aws:iam::123456789012:role/worker',
      permission: {
        action: 's3:GetObject',
        resource: `arn:aws:s3:::${NAME}/ecsproc/a.jpg`,
        context: { 'aws:SecureTransport': secure },
      },
      identityPolicy: policyOf(onlyOf(resources, 'aws_iam_role_policy')),
      resourcePolicy: policyOf(onlyOf(resources, 'aws_s3_bucket_policy')),
    };
    expect(await judge(request)).toBe(verdict);
  });

  test('denies plain HTTP for the bucket and for every object', () => {
    const { Statement } = policyOf(onlyOf(plain().fixture.resources(), 'aws_s3_bucket_policy'));
    expect(Statement).toEqual([
      expect.objectContaining({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [`arn:aws:s3:::${NAME}`, `arn:aws:s3:::${NAME}/*`],
      }),
    ]);
  });
});

describe('the grants of OwnBucket', () => {
  const objects = `arn:aws:s3:::${NAME}/ecsproc/*`;
  type Grant = (bucket: OwnBucket, role: StackFixture['role']) => void;
  const rows: readonly [string, Grant, readonly unknown[], readonly unknown[]][] = [
    [
      'grantRead',
      (bucket, role) => bucket.grantRead(role, 'ecsproc/'),
      ['ReadSource', ['s3:GetObject'], [objects]],
      ['DecryptFromSource', ['kms:Decrypt'], [KEY]],
    ],
    [
      'grantWrite',
      (bucket, role) => bucket.grantWrite(role, 'ecsproc/'),
      ['WriteSource', ['s3:PutObject', 's3:AbortMultipartUpload'], [objects]],
      ['EncryptToSource', ['kms:GenerateDataKey', 'kms:Decrypt'], [KEY]],
    ],
  ];

  test.each(rows)(
    '%s allows exactly its actions, and with an own key those of the key',
    (_name, grant, own, ofKey) => {
      const [without, keyed] = [plain(), custom()];
      grant(without.bucket, without.fixture.role);
      grant(keyed.bucket, keyed.fixture.role);
      expect(without.fixture.grants()).toEqual([own]);
      expect(keyed.fixture.grants()).toEqual([own, ofKey]);
    },
  );

  test('grantList allows only listing the bucket, with any key', () => {
    const { fixture, bucket } = custom();
    bucket.grantList(fixture.role);
    expect(fixture.grants()).toEqual([['ListSource', ['s3:ListBucket'], [`arn:aws:s3:::${NAME}`]]]);
  });
});
