import { MAX_HIDDEN_SECONDS } from '../../../application-code/worker/src/settings';
import { environmentPrefix, pipelinePrefix } from '../../../contract/names';
import { objectCreatedPattern } from '../../../contract/notification';
import type { Environment, PipelineSettings } from '../blueprint-config';
import { isTagKey } from '../formats';
import { FARGATE_SIZES } from '../pipeline-settings';
import { DEFAULT_ENVIRONMENT, DEFAULT_PIPELINE } from '../schema';
import { isName, nameFault, reservedPrefix } from './names';
import { longestGapSeconds } from './schedule-gap';

/**
 * What several settings must be together. A rule is skipped while a setting that it is about is
 * wrong by itself.
 */
export interface Rule<Settings> {
  /** Settings that it reads, as paths below its subject. */
  readonly about: readonly string[];
  /** What is wrong, as a sentence that begins with `at` or names it; undefined when it is right. */
  readonly fault: (settings: Settings, at: string) => string | false;
}

/** One pipeline, and the environment that it is in. */
export interface PipelineSubject extends PipelineSettings {
  readonly parent: Environment;
  readonly pipeline: string;
}

/** The longest end of a bucket's name after its pipeline: `-destination-` and an account id. */
const BUCKET_END = '-destination-123456789012';
const MAX_BUCKET_NAME = 63;
const DAY_SECONDS = 86_400;
const MAX_TAGS = 40;
/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MAX_EVENT_PATTERN = 2_048;

export const PIPELINE_RULES: readonly Rule<PipelineSubject>[] = [
  {
    about: [],
    fault: ({ pipeline }, at) => !isName(pipeline, 16) && nameFault(at, pipeline, 16),
  },
  {
    about: ['existingSourceBucket', 'existingDestinationBucket'],
    fault: ({ parent, pipeline, existingSourceBucket, existingDestinationBucket }, at) => {
      const prefix = pipelinePrefix({
        blueprint: parent.blueprint,
        environment: parent.name,
        pipeline,
      });
      const isUsed = !parent.buckets.shared && !(existingSourceBucket && existingDestinationBucket);
      const most = MAX_BUCKET_NAME - BUCKET_END.length;
      return (
        isUsed &&
        prefix.length > most &&
        `${at} must have a shorter name: with those of the blueprint and the environment, ` +
          `${prefix} may have ${most} characters, so that a bucket's name has at most ` +
          `${MAX_BUCKET_NAME}, but it has ${prefix.length}`
      );
    },
  },
  {
    about: ['jobTimeoutSeconds', 'visibilityTimeoutSeconds'],
    fault: ({ jobTimeoutSeconds: job, visibilityTimeoutSeconds: visibility }, at) =>
      job + visibility > MAX_HIDDEN_SECONDS &&
      `${at}.jobTimeoutSeconds and visibilityTimeoutSeconds must together be at most ` +
        `${MAX_HIDDEN_SECONDS} seconds, for which SQS hides a message at most, but ${job} ` +
        `and ${visibility} were given`,
  },
  {
    about: ['schedule', 'retentionDays'],
    fault: ({ schedule, retentionDays }, at) =>
      (longestGapSeconds(schedule) ?? 0) > (retentionDays * DAY_SECONDS) / 2 &&
      `${at}.schedule must run the scaler at least twice within retentionDays ` +
        `(${retentionDays}), after which SQS drops a job, but ${schedule} was given; run it ` +
        'more often, or raise retentionDays',
  },
  {
    about: ['onDemandWeight', 'spotWeight'],
    fault: ({ onDemandWeight, spotWeight }, at) =>
      onDemandWeight === 0 &&
      spotWeight === 0 &&
      `${at}.onDemandWeight and spotWeight must not both be 0, or no task above ` +
        'onDemandBase could be launched',
  },
  {
    about: ['cpuUnits', 'memoryMiB'],
    fault: ({ cpuUnits, memoryMiB }, at) => {
      const legal = FARGATE_SIZES.get(cpuUnits) ?? [];
      return (
        !legal.includes(memoryMiB) &&
        `${at}.memoryMiB must be one of ${legal.join(', ')} for ${cpuUnits} CPU units on ` +
          `Fargate, but ${memoryMiB} was given`
      );
    },
  },
  {
    about: ['logMode', 'logBufferMiB'],
    fault: ({ logMode, logBufferMiB }, at) =>
      logMode === 'blocking' &&
      logBufferMiB !== DEFAULT_PIPELINE.logBufferMiB &&
      `${at}.logBufferMiB must be left out with logMode blocking, which has no buffer, but ` +
        `${logBufferMiB} was given`,
  },
  {
    about: ['existingSourceBucket', 'sourcePrefix', 'suffixes', 'wake'],
    fault: ({ existingSourceBucket: bucket, sourcePrefix, suffixes, wake }, at) => {
      if (!bucket && wake === 'schedule') return false;
      const bucketName = bucket?.name ?? 'x'.repeat(MAX_BUCKET_NAME);
      const { length } = objectCreatedPattern({ bucketName, sourcePrefix, suffixes });
      return (
        length > MAX_EVENT_PATTERN &&
        `${at}.suffixes must be fewer, or sourcePrefix shorter, so that the event pattern ` +
          `of ${bucket?.name ?? 'the source bucket'} has at most ${MAX_EVENT_PATTERN} ` +
          `characters, EventBridge's default quota, but it has ${length}`
      );
    },
  },
  {
    about: ['suffixes'],
    fault: ({ suffixes }, at) => {
      const pair = suffixes.flatMap((end) =>
        suffixes
          .filter((other) => other !== end && end.endsWith(other))
          .map((other) => [end, other]),
      )[0];
      return (
        pair !== undefined &&
        `${at}.suffixes must not overlap, since S3 rejects that, but a key that ends in ` +
          `${pair[0]} also ends in ${pair[1]}; leave out ${pair[0]}`
      );
    },
  },
];

export const ENVIRONMENT_RULES: readonly Rule<Environment>[] = [
  { about: [], fault: ({ name }, at) => !isName(name, 12) && nameFault(at, name, 12) },
  {
    about: [],
    fault: (environment, at) => {
      // What the blueprint's name alone brings about is told once, of the blueprint.
      const because =
        !reservedPrefix(`${environment.blueprint}-`) &&
        reservedPrefix(environmentPrefix(environment));
      return !!because && `${at} must have another name, since ${because}`;
    },
  },
  {
    about: ['tags'],
    fault: ({ tags }, at) => {
      const count = Object.keys(tags).length;
      return count > MAX_TAGS && `${at}.tags must be at most ${MAX_TAGS}, but ${count} were given`;
    },
  },
  {
    about: ['tags'],
    fault: ({ tags }, at) => {
      const wrong = Object.keys(tags).filter((key) => !isTagKey(key));
      return (
        wrong.length > 0 &&
        `${at}.tags must have keys of 1 to 128 letters, digits, spaces and \`_ . : / = + - ` +
          `@\` that begin neither with \`aws:\` nor with \`spillway:\`, but ` +
          `${wrong.map((key) => JSON.stringify(key)).join(', ')} was given`
      );
    },
  },
  {
    about: ['network.vpcId', 'network.subnetIds'],
    fault: ({ network: { vpcId, subnetIds } }, at) =>
      vpcId !== null &&
      subnetIds.length === 0 &&
      `${at}.network.subnetIds must name 1 to 16 subnets of ${vpcId}, but none was given`,
  },
  {
    about: ['network.vpcId', 'network.subnetIds'],
    fault: ({ network: { vpcId, subnetIds } }, at) =>
      vpcId === null &&
      subnetIds.length > 0 &&
      `${at}.network.vpcId must name the VPC of subnetIds, but nothing was given`,
  },
  {
    about: ['network.vpcId', 'network.assignPublicIp'],
    fault: ({ network: { vpcId, assignPublicIp } }, at) =>
      vpcId === null &&
      assignPublicIp &&
      `${at}.network.assignPublicIp is only for an existing VPC (vpcId); in an own one, ` +
        'egress decides it',
  },
  {
    about: ['network'],
    fault: ({ network }, at) => {
      const own = ['cidr', 'availabilityZones', 'egress', 'flowLogs'] as const;
      const unused = own.filter(
        (setting) => network[setting] !== DEFAULT_ENVIRONMENT.network[setting],
      );
      return (
        network.vpcId !== null &&
        unused.length > 0 &&
        `${at}.network.${unused.join(' and ')} must be left out with an existing VPC ` +
          '(vpcId), which is never changed'
      );
    },
  },
  {
    about: ['cluster'],
    fault: ({ cluster: { existing, containerInsights } }, at) =>
      existing !== null &&
      containerInsights !== 'off' &&
      `${at}.cluster.containerInsights must be left out with an existing cluster, which is ` +
        `never changed, but ${containerInsights} was given`,
  },
  {
    about: ['alarms.topicArn', 'alarms.emails'],
    fault: ({ alarms: { topicArn, emails } }, at) =>
      topicArn !== null &&
      emails.length > 0 &&
      `${at}.alarms.emails must be left out with an existing topic (topicArn), whose ` +
        'subscriptions are never changed',
  },
  {
    about: ['alarms.topicArn', 'region'],
    fault: ({ alarms: { topicArn }, region }, at) =>
      topicArn !== null &&
      topicArn.split(':')[3] !== region &&
      `${at}.alarms.topicArn must be a topic in ${region}, where the alarms are, but ` +
        `${topicArn} was given`,
  },
  {
    about: ['region', 'pipelines'],
    fault: ({ region, pipelines }, at) => {
      const keys = Object.values(pipelines)
        .flatMap(({ existingSourceBucket, existingDestinationBucket }) => [
          existingSourceBucket?.kmsKeyArn,
          existingDestinationBucket?.kmsKeyArn,
        ])
        .filter((key) => key?.split(':')[3] !== region && key);
      return (
        keys.length > 0 && `${at}.pipelines must use keys in ${region}, but ${keys[0]} was given`
      );
    },
  },
];
