import { z } from 'zod';
import { FAIL_ON } from '../../application-code/images/fail-on';
import { AWS_CLIENTS } from '../../application-code/worker/src/aws-clients';
import { LOG_LEVELS } from '../../application-code/worker/src/log-lines';
import type { Range } from '../../text/setting';
import type { BlueprintInput, EnvironmentSettings, PipelineSettings } from './blueprint-config';
import { CPU_UNITS } from './fargate-sizes';
import {
  ALARM_RANGES,
  BUCKET_RANGES,
  DELIVERY_RANGES,
  LOG_RETENTION_DAYS,
  NETWORK_RANGES,
  PIPELINE_RANGES,
  SCALER_RANGES,
} from './ranges';
import * as texts from './texts';
import { flag, given, list, named, oneOf, recipe, settings, text, wholeNumber } from './values';

/** The schema of every setting of a type, none forgotten and none invented. */
type Shape<T> = { readonly [setting in keyof T]-?: z.ZodType };

function ranged<Name extends string>(
  ranges: Readonly<Record<Name, Range>>,
): Record<Name, z.ZodType> {
  const schemas: Partial<Record<Name, z.ZodType>> = {};
  for (const name in ranges) schemas[name] = wholeNumber(ranges[name]);
  return schemas as Record<Name, z.ZodType>;
}

/** Settings of which each may be left out. */
function optional<T extends object>(shape: Shape<T>) {
  return settings(
    Object.fromEntries(
      Object.entries<z.ZodType>(shape).map(([name, schema]) => [name, schema.optional()]),
    ),
  ).optional();
}

const existingBucket = settings({
  name: texts.bucketName,
  kmsKeyArn: texts.keyArn.nullable().optional(),
}).nullable();

const pipeline = optional<PipelineSettings>({
  ...ranged(PIPELINE_RANGES),
  existingSourceBucket: existingBucket,
  existingDestinationBucket: existingBucket,
  sourcePrefix: texts.keyPrefix,
  suffixes: list(texts.suffix, 'suffixes', 20),
  destinationPrefix: texts.keyPrefix,
  recipe,
  failOn: oneOf(FAIL_ON),
  image: texts.image.nullable(),
  cpuUnits: oneOf(CPU_UNITS),
  architecture: oneOf(['arm64', 'x86_64']),
  schedule: texts.schedule,
  logLevel: oneOf(LOG_LEVELS),
  awsClient: oneOf(AWS_CLIENTS),
  logMode: oneOf(['blocking', 'non-blocking']),
});

const network = optional<EnvironmentSettings['network']>({
  ...ranged(NETWORK_RANGES),
  vpcId: texts.vpcId.nullable(),
  subnetIds: list(texts.subnetId, 'subnets', 16),
  assignPublicIp: flag,
  cidr: texts.cidr,
  egress: oneOf(['public-ip', 'nat', 'nat-per-az', 'endpoints']),
  flowLogs: flag,
  privateDnsNamespace: texts.dnsName.nullable(),
});

const buckets = optional<EnvironmentSettings['buckets']>({
  expireSourcesAfterDays: wholeNumber(BUCKET_RANGES.expireSourcesAfterDays).nullable(),
  expireRenditionsAfterDays: wholeNumber(BUCKET_RANGES.expireRenditionsAfterDays).nullable(),
  shared: flag,
  versioning: flag,
  forceDestroy: flag,
});

const environment = optional<EnvironmentSettings>({
  region: texts.region,
  allowedAccountIds: list(texts.accountId, 'account ids', 100),
  tags: z.record(z.string(), texts.tagValue, {
    error: ({ input }) => `must be an object of texts, but ${given(input)} was given`,
  }),
  network,
  cluster: optional<EnvironmentSettings['cluster']>({
    existing: texts.clusterName.nullable(),
    containerInsights: oneOf(['off', 'on', 'enhanced']),
  }),
  pipelines: named(pipeline, '{ photos: {} }'),
  buckets,
  logRetentionDays: oneOf(LOG_RETENTION_DAYS),
  alarms: optional<EnvironmentSettings['alarms']>({
    ...ranged(ALARM_RANGES),
    enabled: flag,
    topicArn: texts.topicArn.nullable(),
    emails: list(texts.email, 'e-mail addresses', 50),
  }),
  scaler: optional<EnvironmentSettings['scaler']>({
    reservedConcurrency: wholeNumber(SCALER_RANGES.reservedConcurrency).nullable(),
    tracing: flag,
  }),
  delivery: optional<EnvironmentSettings['delivery']>({
    ...ranged(DELIVERY_RANGES),
    source: oneOf(['connection', 's3', 'none']),
    repository: texts.repository.nullable(),
    branch: texts.branch,
    paths: list(texts.filePattern, 'patterns', 8, 1),
    connectionArn: texts.connectionArn.nullable(),
    provider: oneOf(['GitHub', 'GitLab', 'Bitbucket']),
    sbom: flag,
    emails: list(texts.email, 'e-mail addresses', 50),
  }),
  permissionsBoundaryArn: texts.policyArn.nullable(),
  encryption: oneOf(['aws-managed', 'own']),
  backend: settings({
    bucket: texts.bucketName,
    region: texts.region,
    prefix: texts.stateKeyPrefix,
  }).nullable(),
});

/**
 * What each value of a blueprint must be by itself; `rules.ts` has what several must be together.
 */
export const BLUEPRINT_SCHEMA = settings<Shape<BlueprintInput>>({
  name: text('a text', () => true).optional(),
  environments: named(environment, '{ dev: {} }'),
});
