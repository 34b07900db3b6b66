import { ConstructBench, policyOf } from '../../../test/fakes/stacks/construct-in-stack';
import { onlyOf } from '../../../test/fakes/stacks/synthesised';
import { judge } from '../../../test/iam/simulate';
import { ExistingBucketStore } from './object-store';

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/theirs';

const store = (kmsKeyArn: string | null) => {
  const bench = new ConstructBench();
  const bucket = new ExistingBucketStore(bench.stack, 'photos-source', {
    name: 'theirs',
    kmsKeyArn,
  });
  return { bench, bucket };
};

describe('ExistingBucketStore', () => {
  test('writes nothing of the bucket', () => {
    const { bench, bucket } = store(KEY);
    bucket.grantRead(bench.role, '');
    expect(Object.keys(bench.resources()).filter((type) => type.startsWith('aws_s3'))).toEqual([]);
  });

  test('grants exact actions on its prefixes', () => {
    const { bench, bucket } = store(null);
    bucket.grantRead(bench.role, 'ecsproc/');
    bucket.grantWrite(bench.role, 'processed/');
    bucket.grantList(bench.role);
    expect(bench.grants()).toEqual([
      ['ReadPhotosSource', ['s3:GetObject'], ['arn:aws:s3:::theirs/ecsproc/*']],
      ['WritePhotosSource', ['s3:PutObject'], ['arn:aws:s3:::theirs/processed/*']],
      ['ListPhotosSource', ['s3:ListBucket'], ['arn:aws:s3:::theirs']],
    ]);
  });

  test('grants the use of the key that its owner named', () => {
    const { bench, bucket } = store(KEY);
    bucket.grantRead(bench.role, '');
    bucket.grantWrite(bench.role, '');
    expect(bench.grants().filter(([, , [resource]]) => resource === KEY)).toEqual([
      ['DecryptFromPhotosSource', ['kms:Decrypt'], [KEY]],
      ['EncryptToPhotosSource', ['kms:GenerateDataKey', 'kms:Decrypt'], [KEY]],
    ]);
  });

  test.each([
    ['reads below its prefix', 'arn:aws:s3:::theirs/ecsproc/a.jpg', 'Allowed'],
    [
      'fails when it reads beside its prefix',
      'arn:aws:s3:::theirs/private/a.jpg',
      'ImplicitlyDenied',
    ],
    [
      'fails when it reads another bucket',
      'arn:aws:s3:::theirs-2/ecsproc/a.jpg',
      'ImplicitlyDenied',
    ],
  ])('a role with grantRead: %s', async (_what, resource, verdict) => {
    const { bench, bucket } = store(null);
    bucket.grantRead(bench.role, 'ecsproc/');
    const request = {
      principal: 'arn:aws:iam::123456789012:role/worker',
      permission: { action: 's3:GetObject', resource, context: {} },
      identityPolicy: policyOf(onlyOf(bench.resources(), 'aws_iam_role_policy')),
    };
    expect(await judge(request)).toBe(verdict);
  });
});
