import * as z from 'zod/mini';
import { flag, list, oneOf, required, setting, wholeNumber } from '../../text/setting';
import * as formats from './formats';

/** Where tasks run, and by which way they reach S3, SQS, ECR and CloudWatch. */
export const NETWORK_SETTINGS = {
  vpcId: setting(
    z.nullable(formats.vpcId),
    null,
    'An existing VPC instead of an own one; `cidr`, `availabilityZones`, `egress` and ' +
      '`flowLogs` must then be left out.',
  ),
  subnetIds: setting(
    list(formats.subnetId, { what: 'subnets', max: 16 }),
    [],
    'Subnets of the existing VPC for the tasks, at least one.',
  ),
  assignPublicIp: setting(
    flag(),
    false,
    "Whether tasks in the existing subnets get a public address; needed where a subnet's way " +
      'out is an internet gateway.',
  ),
  cidr: setting(formats.cidr, '10.42.0.0/16', 'Addresses of the own VPC.'),
  availabilityZones: setting(
    wholeNumber({ unit: 'zones', min: 2, max: 3 }),
    2,
    'Availability zones of the own VPC. Every region has two; some, such as `us-west-1`, ' +
      'offer an ' +
      'account no third.',
  ),
  egress: setting(
    oneOf(['public-ip', 'nat', 'nat-per-az', 'endpoints']),
    'public-ip',
    'Way out of the own VPC. `public-ip` costs nothing while no task runs.',
  ),
  flowLogs: setting(flag(), false, "Whether the own VPC's traffic is logged."),
  privateDnsNamespace: setting(
    z.nullable(formats.dnsName),
    null,
    'A private DNS namespace (Cloud Map) of this name.',
  ),
};

export const CLUSTER_SETTINGS = {
  existing: setting(
    z.nullable(formats.clusterName),
    null,
    'An existing ECS cluster with FARGATE and FARGATE_SPOT instead of an own one.',
  ),
  containerInsights: setting(
    oneOf(['off', 'on', 'enhanced']),
    'off',
    'CloudWatch Container Insights of the own cluster; billed by metric.',
  ),
};

/** The buckets that the blueprint makes; an existing bucket is never changed. */
export const BUCKET_SETTINGS = {
  shared: setting(
    flag(),
    false,
    'Whether all pipelines share one source bucket and one destination bucket, instead of two a ' +
      'pipeline.',
  ),
  versioning: setting(
    flag(),
    false,
    'Whether overwritten and deleted objects are kept as versions.',
  ),
  expireSourcesAfterDays: setting(
    z.nullable(wholeNumber({ unit: 'days', min: 1, max: 3_650 })),
    null,
    'Age at which source objects are deleted.',
  ),
  expireRenditionsAfterDays: setting(
    z.nullable(wholeNumber({ unit: 'days', min: 1, max: 3_650 })),
    null,
    'Age at which renditions are deleted.',
  ),
  forceDestroy: setting(
    flag(),
    false,
    'Whether `cdktf destroy` deletes buckets that hold objects.',
  ),
};

export const ALARM_SETTINGS = {
  enabled: setting(flag(), true, 'Whether there are alarms; $0.10 a month each.'),
  topicArn: setting(
    z.nullable(formats.topicArn),
    null,
    'An existing SNS topic instead of an own one.',
  ),
  emails: setting(
    list(formats.email, { what: 'e-mail addresses', max: 50 }),
    [],
    'Who subscribes to the own topic; each address must be confirmed once.',
  ),
  oldestMessageMinutes: setting(
    wholeNumber({ unit: 'minutes', min: 1, max: 1_440 }),
    60,
    'Age of the oldest message, beyond the gap between two runs of the scaler and the time of a ' +
      'job, `jobTimeoutSeconds`.',
  ),
  idleBacklogMinutes: setting(
    wholeNumber({ unit: 'minutes', min: 3, max: 1_440 }),
    15,
    'Time of a backlog without any running task, and two runs of the scaler at least.',
  ),
};

/** The function that launches tasks. */
export const SCALER_SETTINGS = {
  reservedConcurrency: setting(
    z.nullable(wholeNumber({ unit: 'runs at a time', min: 1, max: 1_000 })),
    null,
    'Reserved concurrency; an account with a quota of ten cannot set it.',
  ),
  tracing: setting(flag(), false, 'Whether X-Ray traces its runs.'),
};

/** Where Terraform keeps its state. */
export const BACKEND_SETTINGS = {
  bucket: required(formats.bucketName, 'Existing S3 bucket of the states.'),
  region: required(formats.region, 'Its region.'),
  prefix: required(formats.stateKeyPrefix, 'Keys are `<prefix>/<stack>.tfstate`.'),
};

/**
 * All that CloudWatch Logs allows:
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;

/** Settings of an environment itself; `schema.ts` adds its groups and its pipelines. */
export const ENVIRONMENT_SETTINGS = {
  region: setting(formats.region, 'us-east-1', 'AWS region of everything.'),
  allowedAccountIds: setting(
    list(formats.accountId, { what: 'account ids', max: 100 }),
    [],
    'Accounts into which a deploy may go; any other is refused. An empty list allows every ' +
      'account.',
  ),
  tags: setting(
    formats.tags,
    {},
    'Tags of every resource and task, at most 40; the blueprint adds its own, which begin with ' +
      '`spillway:`.',
  ),
  logRetentionDays: setting(oneOf(LOG_RETENTION_DAYS), 30, 'Days that logs are kept.'),
  permissionsBoundaryArn: setting(
    z.nullable(formats.policyArn),
    null,
    'A policy that bounds every role.',
  ),
  encryption: setting(
    oneOf(['aws-managed', 'own']),
    'aws-managed',
    '`aws-managed`: SSE-S3 and SSE-SQS, which cost nothing. `own`: a KMS key of the environment, ' +
      '$1 a month.',
  ),
};
