import { type Finding, readReport } from './checkov';
import { judge, type Skip } from './judge';

const finding: Finding = {
  check: 'CKV_AWS_21',
  title: 'Ensure that buckets have versioning',
  environment: 'default',
  stack: 'queue-processing',
  resource: 'aws_s3_bucket.buckets_photos-source_bucket',
};
const skip: Skip = { check: 'CKV_AWS_21', because: 'it is a setting' };

describe('judge', () => {
  test('is content when every finding has its skip', () => {
    expect(judge([finding], [skip])).toEqual([]);
  });

  test('fails when a finding has no skip, and names check, resource and stack', () => {
    expect(judge([finding], [])).toEqual([
      'CKV_AWS_21 fails for aws_s3_bucket.buckets_photos-source_bucket in ' +
        'default-queue-processing: Ensure that buckets have versioning.',
    ]);
  });

  test.each<[reason: string, skip: Skip]>([
    ['it names another check', { ...skip, check: 'CKV_AWS_18' }],
    ['it names other resources', { ...skip, resource: /destination/ }],
    ['the settings of the environment make the check hold', { ...skip, exceptIn: ['default'] }],
  ])('fails when a skip does not cover the finding because %s', (_reason, other) => {
    expect(judge([finding], [other])).toHaveLength(2);
  });

  test('fails when a skip no longer covers anything', () => {
    expect(judge([], [skip])).toEqual([
      expect.stringContaining('The skip of CKV_AWS_21 covers nothing'),
    ]);
  });
});

test('readReport tells environment and stack apart, and which stacks were looked at', () => {
  const record = { check_id: 'CKV_AWS_21', check_name: 'Versioning', resource: 'aws_s3_bucket.b' };
  const scan = readReport(
    JSON.stringify({
      results: {
        passed_checks: [{ ...record, file_path: '/own-key-core-infra/cdk.tf.json' }],
        failed_checks: [{ ...record, file_path: '/own-key-queue-processing/cdk.tf.json' }],
        parsing_errors: ['/broken-core-infra/cdk.tf.json'],
      },
    }),
  );
  expect(scan.findings).toEqual([
    {
      check: 'CKV_AWS_21',
      title: 'Versioning',
      environment: 'own-key',
      stack: 'queue-processing',
      resource: 'aws_s3_bucket.b',
    },
  ]);
  expect([...scan.scanned]).toEqual(['own-key-core-infra', 'own-key-queue-processing']);
  expect(scan.unread).toEqual(['/broken-core-infra/cdk.tf.json']);
});
