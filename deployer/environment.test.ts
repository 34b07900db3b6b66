import { deployerVariables } from '../contract/delivery';
import { digestOf } from '../test/fakes/account';
import { EnvironmentError, type EnvironmentVariables, readEnvironment } from './environment';

const stacks = deployerVariables({
  deliveryPaths: ['/spillway/dev/photos/delivery/', '/spillway/dev/scans/delivery/'],
  keptRevisions: 10,
  canaryTimeoutMinutes: 10,
});
const read = (variables: EnvironmentVariables) =>
  readEnvironment({ ...stacks, AWS_REGION: 'eu-central-1', ...variables });

function faults(variables: EnvironmentVariables): readonly string[] {
  try {
    readEnvironment(variables);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults;
    throw error;
  }
  throw new Error('nothing is wrong');
}

describe('the environment', () => {
  test('is what the stacks write, and takes the current image unless a digest is given', () => {
    expect(read({})).toEqual({
      deliveryPaths: ['/spillway/dev/photos/delivery/', '/spillway/dev/scans/delivery/'],
      keptRevisions: 10,
      canaryTimeoutSeconds: 600,
      digests: {},
      aws: { region: 'eu-central-1', hasS3Endpoint: false, hasSqsEndpoint: false },
    });
  });

  test('has the digests and the commit of a build', () => {
    expect(
      read({ IMAGE_DIGEST_ARM64: digestOf(1), IMAGE_DIGEST_X86_64: digestOf(2), COMMIT: 'c0ffee' }),
    ).toMatchObject({
      digests: { arm64: { images: digestOf(1) }, x86_64: { images: digestOf(2) } },
      commit: 'c0ffee',
    });
  });

  test('has the digest of each workload, by its name unless it is the default', () => {
    const IMAGE_DIGEST_ARM64 = `${digestOf(1)},povray=${digestOf(2)}`;
    expect(read({ IMAGE_DIGEST_ARM64 }).digests).toEqual({
      arm64: { images: digestOf(1), povray: digestOf(2) },
    });
  });

  test.each<[EnvironmentVariables, object]>([
    [{ AWS_ENDPOINT_URL: 'http://e' }, { hasS3Endpoint: true, hasSqsEndpoint: true }],
    [{ AWS_ENDPOINT_URL_S3: 'http://e' }, { hasS3Endpoint: true, hasSqsEndpoint: false }],
    [{ AWS_ENDPOINT_URL_SQS: 'http://e' }, { hasS3Endpoint: false, hasSqsEndpoint: true }],
    [{ AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-1' }, { region: 'eu-west-1' }],
  ])('honours what the SDK is told: %j', (variables, aws) => {
    expect(read(variables).aws).toMatchObject(aws);
  });

  test('fails when all is missing, naming everything at once', () => {
    expect(faults({}).map((fault) => fault.split(' ')[0])).toEqual([
      'DELIVERY_PATHS',
      'KEPT_REVISIONS',
      'CANARY_TIMEOUT_SECONDS',
      'AWS_REGION',
    ]);
  });

  test.each<[EnvironmentVariables, string]>([
    [
      { KEPT_REVISIONS: '0' },
      'KEPT_REVISIONS must be a whole number from 1 to 100 revisions, but 0 was given: set ' +
        'it in the',
    ],
    [{ KEPT_REVISIONS: '101' }, 'from 1 to 100 revisions, but 101 was given'],
    [
      { CANARY_TIMEOUT_SECONDS: '3601' },
      'a whole number from 1 to 3600 seconds, but 3601 was given',
    ],
    [{ CANARY_TIMEOUT_SECONDS: '1.5' }, 'but 1.5 was given'],
    [{ IMAGE_DIGEST_ARM64: 'latest' }, 'IMAGE_DIGEST_ARM64[0] must be the digest of an image'],
    [{ IMAGE_DIGEST_X86_64: 'povray=sha256:12' }, 'IMAGE_DIGEST_X86_64[0] must be the digest'],
    [{ DELIVERY_PATHS: '/a/b' }, 'DELIVERY_PATHS[0] must be a path such as'],
    [{ DELIVERY_PATHS: '/a/b/,/a/b/' }, 'DELIVERY_PATHS must name nothing twice'],
    [{ DELIVERY_PATHS: '/a/b/,' }, 'DELIVERY_PATHS[1] must be a path such as'],
    [{ AWS_ENDPOINT_URL: 'e' }, 'AWS_ENDPOINT_URL must be an http or https URL, but "e" was given'],
    [{ COMMIT: 'x'.repeat(257) }, 'COMMIT must be at most 256 characters'],
  ])('fails when it is %j', (variables, sentence) => {
    const found = faults({ ...stacks, AWS_REGION: 'eu-central-1', ...variables });
    expect(found).toEqual([expect.stringContaining(sentence)]);
  });
});
