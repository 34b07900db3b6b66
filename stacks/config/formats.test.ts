import { dev, photos, testTexts } from '../../test/fakes/stacks/broken-blueprint';

const network = (settings: object) => dev({ network: settings });
const connection = (settings: object) => dev({ delivery: { source: 'connection', ...settings } });
const source = (settings: object) => photos({ existingSourceBucket: settings });

testTexts([
  {
    setting: 'region',
    blueprint: (region) => dev({ region }),
    right: ['us-east-1', 'ap-southeast-4', 'us-gov-west-1', 'cn-north-1', 'eusc-de-east-1'],
    wrong: ['', 'US-EAST-1', 'us-east', 'us-east-1a', 'Ireland'],
  },
  {
    setting: 'vpcId',
    blueprint: (vpcId) => network({ vpcId, subnetIds: ['subnet-01234567'] }),
    right: ['vpc-01234567', 'vpc-0123456789abcdef0'],
    wrong: ['vpc-0123', 'subnet-01234567', 'vpc-0123456G'],
  },
  {
    setting: 'subnetIds[0]',
    blueprint: (id) => network({ vpcId: 'vpc-01234567', subnetIds: [id] }),
    right: ['subnet-01234567', 'subnet-0123456789abcdef0'],
    wrong: ['subnet-0', 'vpc-01234567'],
  },
  {
    setting: 'cidr',
    blueprint: (cidr) => network({ cidr }),
    right: ['10.42.0.0/16', '192.168.7.0/24', '172.16.240.0/20'],
    wrong: [
      '10.42.0.0/15',
      '10.42.0.0/25',
      '10.42.0.1/16',
      '10.0.0.0',
      '300.0.0.0/16',
      '10.42.1.0/23',
    ],
  },
  {
    setting: 'privateDnsNamespace',
    blueprint: (privateDnsNamespace) => network({ privateDnsNamespace }),
    right: ['spillway.internal', 'local'],
    wrong: ['', 'a..b', '-a.b', 'Upper.case', 'a b', `${'a'.repeat(64)}.internal`],
  },
  {
    setting: 'existing',
    blueprint: (existing) => dev({ cluster: { existing } }),
    right: ['shared', 'Team_1-x'],
    wrong: ['', 'arn:aws:ecs:us-east-1:123456789012:cluster/shared', 'a b'],
  },
  {
    setting: 'permissionsBoundaryArn',
    blueprint: (permissionsBoundaryArn) => dev({ permissionsBoundaryArn }),
    right: ['arn:aws:iam::123456789012:policy/boundary', 'arn:aws-us-gov:iam::aws:policy/a/b'],
    wrong: ['boundary', 'arn:aws:iam::123456789012:role/boundary', 'arn:aws:iam::1234:policy/x'],
  },
  {
    setting: 'topicArn',
    blueprint: (topicArn) => dev({ alarms: { topicArn } }),
    right: ['arn:aws:sns:us-east-1:123456789012:alarms'],
    wrong: [
      'alarms',
      'arn:aws:sqs:us-east-1:123456789012:alarms',
      'arn:aws:sns:us-east-1:1:alarms',
    ],
  },
  {
    setting: 'emails[0]',
    blueprint: (email) => dev({ alarms: { emails: [email] } }),
    right: ['a@example.com', 'first.last+tag@mail.example.org'],
    wrong: ['a', 'a@b', 'a b@example.com', '@example.com'],
  },
  {
    setting: 'kmsKeyArn',
    blueprint: (kmsKeyArn) => source({ name: 'uploads', kmsKeyArn }),
    right: ['arn:aws:kms:us-east-1:123456789012:key/0123abcd-01ab-01ab-01ab-0123456789ab'],
    wrong: ['alias/uploads', 'arn:aws:kms:us-east-1:123456789012:alias/uploads'],
  },
  {
    setting: 'existingSourceBucket.name',
    blueprint: (name) => source({ name }),
    right: ['abc', 'company.uploads-1', 'a'.repeat(63)],
    wrong: [
      'ab',
      'a'.repeat(64),
      'Upper',
      'a_b',
      'a..b',
      '-ab',
      'ab-',
      '10.0.0.1',
      'xn--a',
      'a-s3alias',
    ],
  },
  {
    setting: 'sourcePrefix',
    // Without an image of its own a pipeline has canaries, which need a place that no source is in.
    blueprint: (sourcePrefix) => photos({ sourcePrefix, image: 'worker' }),
    right: ['', 'a/', 'a/b-c_d.e/', `${'a'.repeat(511)}/`],
    wrong: ['a', '/a/', '/', 'a*/', 'a b/', 'É/', '$' + '{x}/', `${'a'.repeat(512)}/`],
  },
  {
    setting: 'suffixes[0]',
    blueprint: (suffix) => photos({ suffixes: [suffix] }),
    right: ['.jpg', 'jpg', `.${'a'.repeat(63)}`],
    wrong: ['', '*.jpg', 'a/b', '.j pg', `.${'a'.repeat(64)}`],
  },
  {
    setting: 'image',
    blueprint: (image) => photos({ image }),
    right: [
      'worker',
      '123456789012.dkr.ecr.us-east-1.amazonaws.com/worker@sha256:0123',
      'ghcr.io/a/b:1',
    ],
    wrong: ['', 'a b', '-a', 'a'.repeat(256)],
  },
  {
    setting: 'schedule',
    blueprint: (schedule) => photos({ schedule }),
    right: ['rate(1 minute)', 'rate(5 minutes)', 'rate(2 hours)', 'cron(0/5 8-18 ? * MON-FRI *)'],
    wrong: [
      'rate(1 minutes)',
      'rate(4 days)',
      'cron(* * * * * *)',
      'cron(0 0 L * ? *)',
      '* * * * *',
    ],
  },
  {
    setting: 'tags.team',
    blueprint: (team) => dev({ tags: { team } }),
    right: ['', 'Küche 7', 'a_b.c:/=+-@', 'a'.repeat(256)],
    wrong: ['a'.repeat(257), '$' + '{x}', 'a,b'],
  },
  {
    setting: 'repository',
    blueprint: (repository) => connection({ repository, provider: 'GitLab' }),
    right: ['owner/name', 'group/sub_group/my.name', 'a/.github'],
    wrong: [
      '',
      'name',
      '/name',
      'owner/',
      'owner//name',
      'https://github.com/owner/name',
      'owner/na me',
    ],
  },
  {
    setting: 'branch',
    blueprint: (branch) => connection({ repository: 'a/b', branch }),
    right: ['release', 'feature/x-1', 'v1.2+a', 'fix/#7'],
    wrong: [
      '',
      '-a',
      'a b',
      'a*',
      '{a,b}',
      'a..b',
      '/a',
      'a/',
      'a//b',
      'a.lock',
      'x/.a',
      'a.',
      '@',
      'a~1',
      'a:b',
    ],
  },
  {
    setting: 'paths[0]',
    blueprint: (path) => connection({ repository: 'a/b', paths: [path] }),
    right: ['application-code/**', 'buildspec.yml', '**/*.ts', '{a,b}/*'],
    wrong: ['', '/a', 'a b', 'a'.repeat(256)],
  },
  {
    setting: 'connectionArn',
    blueprint: (connectionArn) => connection({ repository: 'a/b', connectionArn }),
    right: [
      'arn:aws:codeconnections:us-east-1:123456789012:connection/0123abcd-01ab',
      'arn:aws:codestar-connections:us-east-1:123456789012:connection/0123abcd-01ab',
    ],
    wrong: ['', 'github', 'arn:aws:codeconnections:us-east-1:123456789012:host/0123abcd'],
  },
  {
    setting: 'prefix',
    blueprint: (prefix) => dev({ backend: { bucket: 'states', region: 'us-east-1', prefix } }),
    right: ['spillway', 'a/b'],
    wrong: ['', '/a', 'a/', 'a//b', 'a b'],
  },
]);
