import { dev, faultsOf } from '../../../test/fakes/stacks/broken-blueprint';
import { DEFAULT_ENVIRONMENT } from '../schema';
import { CONNECTION_REGIONS, DELIVERY_RULES, MAX_DELIVERED_PIPELINES } from './delivery-rules';

const D = 'environments.dev.delivery';
const CONNECTION = { source: 'connection', repository: 'acme/spillway' };
const ARN = 'arn:aws:codeconnections:us-east-1:123456789012:connection/01234567-89ab';
const OLD_ARN = ARN.replace('codeconnections', 'codestar-connections');
const IMAGE = 'ghcr.io/acme/worker:1';

const delivery = (settings: object, more: object = {}) => dev({ delivery: settings, ...more });
const pipelines = (count: number) =>
  dev({
    pipelines: Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, {}])),
  });
const imaged = { pipelines: { photos: { image: IMAGE } } };

/**
 * What a rule is about, a blueprint that it refuses with the sentence, and its neighbour that it
 * takes.
 */
const rows: readonly (readonly [string, unknown, string, unknown])[] = [
  [
    'with images from elsewhere there is nothing to deliver',
    delivery({ keptImages: 31, sbom: true }, imaged),
    `${D} must be left out while every pipeline has an image of its own, since there is ` +
      `nothing to deliver, but keptImages, sbom was given; take \`image\` from a pipeline ` +
      'that the delivery shall build for',
    delivery({ keptImages: 31 }, { pipelines: { photos: { image: IMAGE }, scans: {} } }),
  ],
  [
    'what is given as it is by default counts as left out',
    delivery({ source: 'none' }, imaged),
    `${D} must be left out while every pipeline has an image of its own, since there is ` +
      `nothing to deliver, but source was given; take \`image\` from a pipeline that the ` +
      'delivery shall build for',
    delivery({ source: 's3', emails: [] }, imaged),
  ],
  [
    'the role of the deploy has a policy for each of them',
    pipelines(MAX_DELIVERED_PIPELINES + 1),
    `environments.dev.pipelines must have at most ${MAX_DELIVERED_PIPELINES} without an ` +
      `image of their own, since IAM lets the deploy's role have no more policies, but ` +
      `${MAX_DELIVERED_PIPELINES + 1} were given; put the others into another environment`,
    pipelines(MAX_DELIVERED_PIPELINES),
  ],
  [
    'a connection is to a repository',
    delivery({ source: 'connection' }),
    `${D}.repository must name the repository of the connection, such as \`owner/name\`, ` +
      'but nothing was given',
    delivery(CONNECTION),
  ],
  [
    'a region may have no connections',
    delivery(CONNECTION, { region: 'af-south-1' }),
    `${D}.source must be \`s3\` or \`none\` in af-south-1, where AWS CodeConnections does not ` +
      'exist, but `connection` was given; connections exist in ' +
      `${CONNECTION_REGIONS.join(', ')} (https://docs.aws.amazon.com/general/latest/gr/` +
      'codestar_connections.html; a new one belongs into stacks/config/rules/delivery-rules.ts)',
    delivery(CONNECTION, { region: 'eu-west-3' }),
  ],
  [
    'an archive in a bucket has no repository',
    delivery({ repository: 'acme/spillway', branch: 'release' }),
    `${D}.repository and branch must be left out with source \`s3\`; only source ` +
      `\`connection\` knows a repository`,
    delivery({ ...CONNECTION, branch: 'release' }),
  ],
  [
    'without a source there is no connection',
    delivery({ source: 'none', paths: ['a'], connectionArn: ARN }),
    `${D}.paths and connectionArn must be left out with source \`none\`; only source ` +
      `\`connection\` knows a repository`,
    delivery({ source: 'none', provider: 'GitHub', connectionArn: null }),
  ],
  [
    'an existing connection knows its provider',
    delivery({ ...CONNECTION, connectionArn: ARN, provider: 'Bitbucket' }),
    `${D}.provider must be left out with an existing connection (connectionArn), which ` +
      'knows its own, but Bitbucket was given',
    delivery({ ...CONNECTION, connectionArn: ARN }),
  ],
  [
    'the connection is in the region of the pipeline',
    delivery({ ...CONNECTION, connectionArn: OLD_ARN }, { region: 'eu-west-1' }),
    `${D}.connectionArn must be a connection in eu-west-1, where the pipeline is, but ` +
      `${OLD_ARN} was given`,
    delivery({ ...CONNECTION, connectionArn: OLD_ARN }),
  ],
  [
    'only GitLab has groups within groups',
    delivery({ ...CONNECTION, repository: 'acme/images/spillway' }),
    `${D}.repository must be \`owner/name\` with GitHub, since only GitLab has groups ` +
      'within groups, but "acme/images/spillway" was given',
    delivery({ ...CONNECTION, repository: 'acme/images/spillway', provider: 'GitLab' }),
  ],
  [
    'a revision that is kept has its image',
    delivery({ keptImages: 12, keptRevisions: 12 }),
    `${D}.keptImages must be more than keptRevisions (12), so that every revision that is ` +
      'kept has its image, but 12 was given',
    delivery({ keptImages: 13, keptRevisions: 12 }),
  ],
];

test.each(rows)('%s', (_, broken, sentence, right) => {
  expect(faultsOf(broken)).toEqual([sentence]);
  expect(faultsOf(right)).toEqual([]);
});

test('an existing connection may be of GitLab, whose groups nest', () => {
  expect(faultsOf(delivery({ ...CONNECTION, repository: 'a/b/c', connectionArn: ARN }))).toEqual(
    [],
  );
});

test('fails for no pattern of paths, and for more than a trigger takes', () => {
  const paths = (count: number) =>
    delivery({
      ...CONNECTION,
      paths: Array.from({ length: count }, (_, index) => `folder-${index}/**`),
    });
  expect(faultsOf(paths(0))).toEqual([
    `${D}.paths must be a list of 1 to 8 patterns, but 0 were given`,
  ]);
  expect(faultsOf(paths(9))).toEqual([
    `${D}.paths must be a list of 1 to 8 patterns, but 9 were given`,
  ]);
  expect(faultsOf(paths(8))).toEqual([]);
});

test('a rule is about settings that there are', () => {
  const environment = { ...DEFAULT_ENVIRONMENT };
  const exists = (path: string) =>
    path.split('.').reduce<unknown>((value, key) => Object(value)[key], environment) !== undefined;
  expect(DELIVERY_RULES.flatMap(({ about }) => about).filter((path) => !exists(path))).toEqual([]);
});

// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
test.each([
  'ap-east-1',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-northeast-3',
  'af-south-1',
  'me-south-1',
  'me-central-1',
  'eu-south-2',
  'eu-central-2',
  'il-central-1',
  'us-gov-west-1',
  'cn-north-1',
])(
  'a connection is refused in %s, which AWS names as a region without, and an archive is not',
  (region) => {
    expect(faultsOf(delivery(CONNECTION, { region }))).toEqual([
      expect.stringContaining(`in ${region}, where`),
    ]);
    expect(faultsOf(delivery({ source: 's3' }, { region }))).toEqual([]);
  },
);
