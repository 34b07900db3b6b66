import { workerVariables } from '../../../test/fakes/environments';
import { setting, wholeNumber } from '../../../text/setting';
import {
  EnvironmentError,
  type NamedWorkload,
  readEnvironment,
  reserveThreads,
} from './environment';
import { RecipeError } from './workload/recipe';

/** A workload with a recipe of one word and one setting. */
const workload: NamedWorkload = {
  name: 'letters',
  recipe: {
    default: 'all',
    parse: (json) => {
      if (json === '"none"')
        throw new RecipeError(['RECIPE must be a word', 'RECIPE must be short']);
      return JSON.parse(json);
    },
    outputs: () => [],
    faults: {},
    settings: {
      mostLetters: {
        variable: 'MOST_LETTERS',
        schema: setting(wholeNumber({ unit: 'letters', min: 1, max: 26 }), 7, 'Letters of a word.'),
      },
    },
  },
};
const machine = { cpus: 2, memoryMiB: 2048 };
const required = workerVariables();

function faultsOf(variables: Record<string, string | undefined>): readonly string[] {
  try {
    readEnvironment(workload, { ...required, ...variables }, machine);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults;
    throw error;
  }
  return [];
}

describe('readEnvironment', () => {
  test('fills in everything but the four required variables', () => {
    expect(readEnvironment(workload, required, machine)).toEqual({
      queueUrl: required.QUEUE_URL,
      deadLetterQueueUrl: required.DEAD_LETTER_QUEUE_URL,
      sourceBucket: 'photos',
      destinationBucket: 'thumbnails',
      sourcePrefix: 'ecsproc/',
      destinationPrefix: 'processed/',
      recipe: 'all',
      settings: { mostLetters: 7 },
      expectedBucketOwner: '123456789012',
      jobConcurrency: 40,
      visibilityTimeoutSeconds: 120,
      jobTimeoutSeconds: 120,
      maxAttempts: 8,
      maxInterruptions: 20,
      idleExitSeconds: 20,
      maxTaskSeconds: 3600,
      drainDeadlineSeconds: 100,
      memoryLimitMiB: 2048,
      maxSourceBytes: 268_435_456,
      logLevel: 'info',
      awsClient: 'lean',
      region: 'eu-west-1',
      metricDimensions: { environment: 'default', pipeline: 'default' },
      maxRenders: 4,
    });
  });

  test('takes what is given', () => {
    const variables = {
      ...required,
      QUEUE_URL: 'http://127.0.0.1:4566/123456789012/work',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_REGION: 'us-east-1',
      JOB_CONCURRENCY: '3',
      SOURCE_PREFIX: '',
      RECIPE: '"vowels"',
      MOST_LETTERS: '3',
      WORKLOAD: 'letters',
      EXPECTED_BUCKET_OWNER: '999999999999',
      PIPELINE: 'photos',
    };
    expect(readEnvironment(workload, variables, machine)).toMatchObject({
      s3Endpoint: 'http://127.0.0.1:4566',
      sqsEndpoint: 'http://127.0.0.1:4566',
      region: 'us-east-1',
      jobConcurrency: 3,
      sourcePrefix: '',
      recipe: 'vowels',
      settings: { mostLetters: 3 },
      expectedBucketOwner: '999999999999',
      metricDimensions: { environment: 'default', pipeline: 'photos' },
    });
  });

  test('an endpoint of one service goes before that of all', () => {
    const variables = {
      ...required,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000',
    };
    expect(readEnvironment(workload, variables, machine)).toMatchObject({
      s3Endpoint: 'http://127.0.0.1:9000',
      sqsEndpoint: 'http://127.0.0.1:4566',
    });
  });

  test.each([
    [
      { MAX_ATTEMPTS: '0' },
      'MAX_ATTEMPTS must be a whole number from 1 to 998 receives, but 0 was given',
    ],
    [
      { IDLE_EXIT_SECONDS: 'ten' },
      'IDLE_EXIT_SECONDS must be a whole number from 1 to 86400 seconds, but "ten" was given',
    ],
    [
      { JOB_CONCURRENCY: '-1' },
      'JOB_CONCURRENCY must be a whole number from 0 to 512 jobs, but -1 was given',
    ],
    [
      { MAX_SOURCE_BYTES: '1.5' },
      'MAX_SOURCE_BYTES must be a whole number from 1 to 50000000000000 bytes, but 1.5 was given',
    ],
    [
      { DRAIN_DEADLINE_SECONDS: '120' },
      'DRAIN_DEADLINE_SECONDS must be a whole number from 1 to 119 seconds, but 120 was given',
    ],
    [
      { VISIBILITY_TIMEOUT_SECONDS: '43200' },
      'JOB_TIMEOUT_SECONDS and VISIBILITY_TIMEOUT_SECONDS must together be at most 43200 ' +
        'seconds, for which SQS hides a message at most, but 120 and 43200 were given',
    ],
    [
      { DESTINATION_KIND: 'shards', JOB_TIMEOUT_SECONDS: '43000' },
      'SHARD_SECONDS, JOB_TIMEOUT_SECONDS and VISIBILITY_TIMEOUT_SECONDS must together be at ' +
        'most 43200 seconds, for which SQS hides a message at most, but 300, 43000 and 120 were ' +
        'given',
    ],
    [
      { SOURCE_PREFIX: 'in' },
      expect.stringMatching(
        /^SOURCE_PREFIX must be empty, or .* end in a slash .* but "in" was given$/,
      ),
    ],
    [
      { DESTINATION_BUCKET: 'photos', DESTINATION_PREFIX: 'ecsproc/out/' },
      'DESTINATION_PREFIX must lie outside SOURCE_PREFIX when both are in one bucket, since ' +
        'outputs would become sources, but ecsproc/out/ lies below ecsproc/',
    ],
    [
      { DEAD_LETTER_QUEUE_URL: required.QUEUE_URL },
      'DEAD_LETTER_QUEUE_URL must name another queue than QUEUE_URL, but both are ' +
        required.QUEUE_URL,
    ],
    [
      { AWS_ENDPOINT_URL: 'localhost' },
      'AWS_ENDPOINT_URL must be an http or https URL, but "localhost" was given',
    ],
    [
      { AWS_ENDPOINT_URL_S3: 's3' },
      'AWS_ENDPOINT_URL_S3 must be an http or https URL, but "s3" was given',
    ],
    [
      { QUEUE_URL: 'http://queue/123456789012/work' },
      'AWS_REGION is required, since QUEUE_URL does not name a region, but was not given',
    ],
    [
      { MOST_LETTERS: '27' },
      'MOST_LETTERS must be a whole number from 1 to 26 letters, but 27 was given',
    ],
    [
      { WORKLOAD: 'words' },
      'WORKLOAD must be letters, the workload of this image, but "words" was given: have ' +
        'the task ' +
        'run an image of words',
    ],
    [{ AWS_CLIENT: 'fast' }, 'AWS_CLIENT must be one of lean, sdk, but "fast" was given'],
    [
      { LOG_LEVEL: 'loud' },
      'LOG_LEVEL must be one of debug, info, warn, error, but "loud" was given',
    ],
    [
      { EXPECTED_BUCKET_OWNER: '12' },
      'EXPECTED_BUCKET_OWNER must be an account id of 12 digits, but "12" was given',
    ],
    [{ SOURCE_BUCKET: '' }, "SOURCE_BUCKET must be a bucket's name, but nothing was given"],
  ])('fails when given %j', (variables, sentence) => {
    expect(faultsOf(variables)).toEqual([sentence]);
  });

  test('fails when the machine has too little memory and no other limit is set', () => {
    const small = { cpus: 1, memoryMiB: 128 };
    const limit = 'MEMORY_LIMIT_MIB must be a whole number from 256 to 262144 MiB';
    expect(() => readEnvironment(workload, required, small)).toThrow(
      `${limit}, but this machine has 128: set it`,
    );
    expect(
      readEnvironment(workload, { ...required, MEMORY_LIMIT_MIB: '256' }, small).memoryLimitMiB,
    ).toBe(256);
  });

  test('fails once for a variable that is wrong by itself, and not for rules with others', () => {
    expect(faultsOf({ VISIBILITY_TIMEOUT_SECONDS: '1' })).toEqual([
      expect.stringMatching(/^VISIBILITY_TIMEOUT_SECONDS must be a whole number from 5 /),
    ]);
    expect(faultsOf({ QUEUE_URL: 'work' })).toEqual([
      'QUEUE_URL must be the http or https URL of an SQS queue, but "work" was given',
    ]);
  });

  test('fails when several things are wrong, with a sentence for each', () => {
    const faults = faultsOf({
      SOURCE_BUCKET: undefined,
      MAX_ATTEMPTS: '0',
      RECIPE: '"none"',
      LOG_LEVEL: 'loud',
    });
    expect(faults.length).toBe(5);
    expect(faults.join(' ')).toMatch(/SOURCE_BUCKET.*MAX_ATTEMPTS.*LOG_LEVEL.*RECIPE/s);
  });
});

describe('reserveThreads', () => {
  test('leaves room beside the decoders, and leaves a given value alone', () => {
    const unset: NodeJS.ProcessEnv = {};
    reserveThreads(4, unset);
    expect(unset.UV_THREADPOOL_SIZE).toBe('8');
    const given: NodeJS.ProcessEnv = { UV_THREADPOOL_SIZE: '3' };
    reserveThreads(4, given);
    expect(given.UV_THREADPOOL_SIZE).toBe('3');
  });
});
