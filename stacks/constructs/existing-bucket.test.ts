import { ConstructBench } from './construct-bench';
import { ExistingBucketStore } from './existing-bucket';

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/theirs';

const store = (kmsKeyArn: string | null) => {
  const bench = new ConstructBench();
  const bucket = new ExistingBucketStore(bench.stack, 'photos-source', bench.at, {
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
});
