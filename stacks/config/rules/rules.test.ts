import { dev, faultsOf, photos } from '../../../test/fakes/stacks/broken-blueprint';
import { RESERVED_NAMES } from '../../../test/fakes/stacks/reserved-names';
import { DEFAULT_ENVIRONMENT, DEFAULT_PIPELINE } from '../schema';
import { LOOP_RULES, PAIR_RULES } from './bucket-rules';
import { ENVIRONMENT_RULES, PIPELINE_RULES } from './rules';
import { WAKE_RULES } from './wake-rules';
import { WORKLOAD_RULES } from './workload-rules';

const P = 'environments.dev.pipelines.photos';
const tags = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`key-${i}`, 'x']));
const VPC = { vpcId: 'vpc-01234567', subnetIds: ['subnet-01234567'] };
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/01234567-89ab';
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:alarms';

/** Four suffixes below a long prefix, which each repeats. */
const longFilter = (length: number) => ({
  sourcePrefix: `${'p'.repeat(length - 1)}/`,
  suffixes: ['.a', '.b', '.c', '.d'],
});

describe('settings that do not go together', () => {
  const named = (name: string, environment: string, pipeline: string, settings: object = {}) => ({
    name,
    environments: { [environment]: { ...settings, pipelines: { [pipeline]: {} } } },
  });

  /** A rule's subject, a blueprint that it refuses with the sentence, and a right neighbour. */
  const rows: readonly (readonly [string, unknown, string, unknown])[] = [
    [
      'SQS keeps a job until the scaler has run twice',
      photos({ schedule: 'rate(13 hours)', retentionDays: 1 }),
      `${P}.schedule must run the scaler at least twice within retentionDays (1), after ` +
        'which SQS drops a job, but rate(13 hours) was given; run it more often, or raise ' +
        'retentionDays',
      photos({ schedule: 'rate(12 hours)', retentionDays: 1 }),
    ],
    [
      'SQS hides a message for twelve hours in all, however short its visibility timeout',
      photos({ visibilityTimeoutSeconds: 60, jobTimeoutSeconds: 43_141 }),
      `${P}.jobTimeoutSeconds and visibilityTimeoutSeconds must together be at most 43200 ` +
        'seconds, for which SQS hides a message at most, but 43141 and 60 were given',
      photos({ visibilityTimeoutSeconds: 60, jobTimeoutSeconds: 43_140 }),
    ],
    [
      'some capacity provider has a weight',
      photos({ onDemandWeight: 0, spotWeight: 0 }),
      `${P}.onDemandWeight and spotWeight must not both be 0, or no task above ` +
        'onDemandBase could be launched',
      photos({ onDemandWeight: 0, spotWeight: 1 }),
    ],
    [
      'CPU and memory are a pair that Fargate has',
      photos({ cpuUnits: 256, memoryMiB: 4096 }),
      `${P}.memoryMiB must be one of 512, 1024, 2048 for 256 CPU units on Fargate, but ` +
        '4096 was given',
      photos({ cpuUnits: 512, memoryMiB: 4096 }),
    ],
    [
      'memory of large tasks comes in steps',
      photos({ cpuUnits: 8192, memoryMiB: 18_432 }),
      `${P}.memoryMiB must be one of 16384, 20480, 24576, 28672, 32768, 36864, 40960, ` +
        '45056, 49152, 53248, 57344, 61440 for 8192 CPU units on Fargate, but 18432 was given',
      photos({ cpuUnits: 8192, memoryMiB: 20_480 }),
    ],
    [
      'suffixes do not hold one another',
      photos({ suffixes: ['jpg', '.jpg'] }),
      `${P}.suffixes must not overlap, since S3 rejects that, but a key that ends in .jpg ` +
        'also ends in jpg; leave out .jpg',
      photos({ suffixes: ['.jpg', '.jpeg', '.JPG'] }),
    ],
    [
      'a name leaves room for the longest name of a bucket',
      named('spillway', 'production', 'p'.repeat(20 - 1 - 2)),
      'environments.production.pipelines.ppppppppppppppppp must have a name of 1 to 16 ' +
        'lower-case letters, digits and hyphens, without a hyphen at either end, but ' +
        '"ppppppppppppppppp" was given',
      named('spillway', 'production', 'p'.repeat(16)),
    ],
    [
      'all names together fit a bucket',
      named('spillway-one', 'production-1', 'p'.repeat(13)),
      'environments.production-1.pipelines.ppppppppppppp must have a shorter name: with ' +
        'those of the blueprint and the environment, spillway-one-production-1-ppppppppppppp ' +
        "may have 38 characters, so that a bucket's name has at most 63, but it has 39",
      named('spillway-one', 'production-1', 'p'.repeat(12)),
    ],
    [
      'shared buckets have no pipeline in their names',
      named('spillway-one', 'production-1', 'p'.repeat(16)),
      'environments.production-1.pipelines.pppppppppppppppp must have a shorter name: with ' +
        'those of the blueprint and the environment, ' +
        'spillway-one-production-1-pppppppppppppppp may have 38 characters, so that a ' +
        "bucket's name has at most 63, but it has 42",
      named('spillway-one', 'production-1', 'p'.repeat(16), { buckets: { shared: true } }),
    ],
    [
      'an environment has a name for AWS',
      { environments: { Dev: {} } },
      'environments.Dev must have a name of 1 to 12 lower-case letters, digits and ' +
        'hyphens, without a hyphen at either end, but "Dev" was given',
      { environments: { dev1: {} } },
    ],
    [
      'the blueprint has a name for AWS',
      { name: 'spillway-', environments: { dev: {} } },
      'the blueprint must have a name of 1 to 12 lower-case letters, digits and hyphens, ' +
        'without a hyphen at either end, but "spillway-" was given',
      { name: 's', environments: { dev: {} } },
    ],
    [
      'a pattern of stacks means one environment',
      { environments: { 'dev-2': {}, dev: {} } },
      'environments.dev-2 must not begin with the name of environment dev and a hyphen, ' +
        "since `cdktf deploy 'dev-*'` would deploy both; rename one of them",
      { environments: { dev2: {}, dev: {} } },
    ],
    [
      'AWS takes at most this number of tags',
      dev({ tags: tags(41) }),
      'environments.dev.tags must be at most 40, but 41 were given',
      dev({ tags: tags(40) }),
    ],
    [
      'some keys of tags are taken',
      dev({ tags: { 'spillway:stack': 'x', 'aws:x': 'y', team: 'z' } }),
      'environments.dev.tags must have keys of 1 to 128 letters, digits, spaces and `_ . : ' +
        '/ = + - @` that begin neither with `aws:` nor with `spillway:`, but ' +
        '"spillway:stack", "aws:x" was given',
      dev({ tags: { 'team:spillway': 'x' } }),
    ],
    [
      'an existing VPC needs subnets',
      dev({ network: { vpcId: 'vpc-01234567' } }),
      'environments.dev.network.subnetIds must name 1 to 16 subnets of vpc-01234567, but ' +
        'none was given',
      dev({ network: VPC }),
    ],
    [
      'subnets need their VPC',
      dev({ network: { subnetIds: ['subnet-01234567'] } }),
      'environments.dev.network.vpcId must name the VPC of subnetIds, but nothing was given',
      dev({ network: VPC }),
    ],
    [
      'an own VPC decides on public addresses by its egress',
      dev({ network: { assignPublicIp: true } }),
      'environments.dev.network.assignPublicIp is only for an existing VPC (vpcId); in an ' +
        'own one, egress decides it',
      dev({ network: { ...VPC, assignPublicIp: true } }),
    ],
    [
      'an existing VPC is not changed',
      dev({ network: { ...VPC, egress: 'nat', flowLogs: true } }),
      'environments.dev.network.egress and flowLogs must be left out with an existing VPC ' +
        '(vpcId), which is never changed',
      dev({ network: { ...VPC, privateDnsNamespace: 'spillway.internal' } }),
    ],
    [
      'an existing cluster is not changed',
      dev({ cluster: { existing: 'shared', containerInsights: 'on' } }),
      'environments.dev.cluster.containerInsights must be left out with an existing ' +
        'cluster, which is never changed, but on was given',
      dev({ cluster: { existing: 'shared' } }),
    ],
    [
      'an existing topic is not changed',
      dev({ alarms: { topicArn: TOPIC, emails: ['a@example.com'] } }),
      'environments.dev.alarms.emails must be left out with an existing topic (topicArn), ' +
        'whose subscriptions are never changed',
      dev({ alarms: { topicArn: TOPIC } }),
    ],
    [
      'an alarm tells only a topic of its region',
      dev({ alarms: { topicArn: TOPIC }, region: 'eu-west-1' }),
      'environments.dev.alarms.topicArn must be a topic in eu-west-1, where the alarms ' +
        `are, but ${TOPIC} was given`,
      dev({ alarms: { topicArn: TOPIC }, region: 'us-east-1' }),
    ],
    [
      "an object's key is in the bucket's region",
      photos({
        existingSourceBucket: { name: 'company', kmsKeyArn: KEY.replace('us-east-1', 'eu-west-1') },
      }),
      'environments.dev.pipelines must use keys in us-east-1, but ' +
        `${KEY.replace('us-east-1', 'eu-west-1')} was given`,
      photos({ existingSourceBucket: { name: 'company', kmsKeyArn: KEY } }),
    ],
    ...RESERVED_NAMES.map(
      ([name, because, allowed]) =>
        [
          `no name of AWS begins with ${name}-`,
          named(name, 'dev', 'photos'),
          `the blueprint must have another name, since ${because}, but "${name}" was given`,
          named(allowed, 'dev', 'photos'),
        ] as const,
    ),
    [
      'a repository has no two hyphens in a row',
      named('spillway', 'a--b', 'photos'),
      'environments.a--b must have another name, since names of ECR repositories have no ' +
        'two hyphens in a row',
      named('spillway', 'a-b', 'p--q'),
    ],
    [
      'a blocking log has no buffer',
      photos({ logMode: 'blocking', logBufferMiB: 50 }),
      `${P}.logBufferMiB must be left out with logMode blocking, which has no buffer, but ` +
        '50 was given',
      photos({ logMode: 'blocking' }),
    ],
    [
      'EventBridge takes a pattern of at most this length',
      photos({ existingSourceBucket: { name: 'theirs' }, ...longFilter(465) }),
      `${P}.suffixes must be fewer, or sourcePrefix shorter, so that the event pattern of ` +
        `theirs has at most 2048 characters, EventBridge's default quota, but it has 2049`,
      photos({ existingSourceBucket: { name: 'theirs' }, ...longFilter(464) }),
    ],
    [
      'the largest task has three sizes of memory',
      photos({ cpuUnits: 32_768, memoryMiB: 131_072 }),
      `${P}.memoryMiB must be one of 61440, 122880, 249856 for 32768 CPU units on Fargate, ` +
        'but 131072 was given',
      photos({ cpuUnits: 32_768, memoryMiB: 249_856 }),
    ],
  ];

  test.each(rows)('%s', (_, broken, sentence, right) => {
    expect(faultsOf(broken)).toEqual([sentence]);
    expect(faultsOf(right)).toEqual([]);
  });
});

test('a rule is about settings that there are', () => {
  const exists = (settings: object, path: string) =>
    path.split('.').reduce<unknown>((value, key) => Object(value)[key], settings) !== undefined;
  const ofPipelines = [PIPELINE_RULES, WAKE_RULES, WORKLOAD_RULES, PAIR_RULES, LOOP_RULES].flatMap(
    (rules) => rules.flatMap(({ about }) => about),
  );
  const ofEnvironments = ENVIRONMENT_RULES.flatMap(({ about }) => about);
  expect(ofPipelines.filter((path) => !exists(DEFAULT_PIPELINE, path))).toEqual([]);
  expect(ofEnvironments.filter((path) => !exists(DEFAULT_ENVIRONMENT, path))).toEqual([]);
  expect(exists(DEFAULT_ENVIRONMENT, 'network.vpc')).toBe(false);
});
