import { StackFixture } from '../../../test/fakes/stacks/construct-in-stack';
import { onlyOf, policyOf } from '../../../test/fakes/stacks/synthesised';
import { judge } from '../../../test/iam/simulate';
import { ExistingBucketStore } from './object-store';

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/theirs';

const store = (kmsKeyArn: string | null) => {
  const fixture = new StackFixture();
  const bucket = new ExistingBucketStore(fixture.stack, 'photos-source', {
    name: 'theirs',
    kmsKeyArn,
  });
  return { fixture, bucket };
};

describe('ExistingBucketStore', () => {
  test('changes nothing of the bucket', () => {
    const { fixture, bucket } = store(KEY);
    bucket.grantRead(fixture.role, '');
    expect(Object.keys(fixture.resources()).filter((type) => type.startsWith('aws_s3'))).toEqual(
      [],
    );
  });

  test('grants exact actions on its prefixes', () => {
    const { fixture, bucket } = store(null);
    bucket.grantRead(fixture.role, 'ecsproc/');
    bucket.grantWrite(fixture.role, 'processed/');
    bucket.grantList(fixture.role);
    expect(fixture.grants()).toEqual([
      ['ReadPhotosSource', ['s3:GetObject'], ['arn:aws:s3:::theirs/ecsproc/*']],
      [
        'WritePhotosSource',
        ['s3:PutObject', 's3:AbortMultipartUpload'],
        ['arn:aws:s3:::theirs/processed/*'],
      ],
      ['ListPhotosSource', ['s3:ListBucket'], ['arn:aws:s3:::theirs']],
    ]);
  });

  test('grants the use of the bucket’s key', () => {
    const { fixture, bucket } = store(KEY);
    bucket.grantRead(fixture.role, '');
    bucket.grantWrite(fixture.role, '');
    expect(fixture.grants().filter(([, , [resource]]) => resource === KEY)).toEqual([
      ['DecryptFromPhotosSource', ['kms:Decrypt'], [KEY]],
      ['EncryptToPhotosSource', ['kms:GenerateDataKey', 'kms:Decrypt'], [KEY]],
    ]);
  });

  test.each([
    ['reads below its prefix', 'arn:aws:s3:::theirs/ecsproc/a.jpg', 'Allowed'],
    [
      'fails when it reads outside of its prefix',
      'arn:aws:s3:::theirs/private/a.jpg',
      'ImplicitlyDenied',
    ],
    [
      'fails when it reads another bucket',
      'arn:aws:s3:::theirs-2/ecsproc/a.jpg',
      'ImplicitlyDenied',
    ],
  ])('a role with grantRead: %s', async (_what, resource, verdict) => {
    const { fixture, bucket } = store(null);
    bucket.grantRead(fixture.role, 'ecsproc/');
    const request = {
      principal: 'arn:aws:iam::123456789012:role/worker',
      permission: { action: 's3:GetObject', resource, context: {} },
      identityPolicy: policyOf(onlyOf(fixture.resources(), 'aws_iam_role_policy')),
    };
    expect(await judge(request)).toBe(verdict);
  });
});
