import * as z from 'zod/mini';
import { declared, given, matching, text } from '../../text/setting';
import { reservedBucketName } from './rules/names';
import { longestGapSeconds } from './rules/schedule-gap';

const MAX_SUFFIX_CHARACTERS = 64;

export const region = matching(
  'a region such as `us-east-1`',
  /^[a-z]{2,4}(-[a-z]{2,}){1,2}-\d{1,2}$/,
);
export const accountId = matching('an account id of 12 digits, in quotes', /^\d{12}$/);
export const vpcId = matching(
  'the id of a VPC such as `vpc-0123456789abcdef0`',
  /^vpc-([0-9a-f]{8}|[0-9a-f]{17})$/,
);
export const subnetId = matching(
  'the id of a subnet such as `subnet-0123456789abcdef0`',
  /^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/,
);
export const clusterName = matching(
  'the name of a cluster: 1 to 255 letters, digits, hyphens and underscores',
  /^[A-Za-z0-9_-]{1,255}$/,
);
export const policyArn = matching(
  'the ARN of a policy such as `arn:aws:iam::123456789012:policy/boundary`',
  /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,512}$/,
);
export const topicArn = matching(
  'the ARN of an SNS topic such as `arn:aws:sns:us-east-1:123456789012:alarms`',
  /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
);
export const keyArn = matching(
  'the ARN of a KMS key such as `arn:aws:kms:us-east-1:123456789012:key/…`, not of an alias',
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]{1,64}$/,
);
export const connectionArn = matching(
  'the ARN of a connection such as `arn:aws:codeconnections:us-east-1:123456789012:connection/…`',
  /^arn:aws[a-z-]*:code(star-)?connections:[a-z0-9-]+:\d{12}:connection\/[A-Za-z0-9-]{1,64}$/,
);
export const repository = matching(
  'a repository such as `owner/name`, or `group/subgroup/name` on GitLab',
  /^(?=.{3,255}$)[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_.][A-Za-z0-9_.-]*)+$/,
);
/**
 * https://git-scm.com/docs/git-check-ref-format; a trigger would read `{`, `}`, `!` and a comma as
 * more than themselves.
 */
export const branch = text(
  'the exact name of one branch, at most 255 letters, digits and `/ - _ . + @ #`, as git allows it',
  (name) =>
    /^[A-Za-z0-9_+@#][A-Za-z0-9/_.+@#-]{0,254}$/.test(name) &&
    name !== '@' &&
    !/\.\.|\/\/|\/\.|\.lock(\/|$)|[/.]$/.test(name),
);
/** https://docs.aws.amazon.com/codepipeline/latest/userguide/syntax-glob.html */
export const filePattern = matching(
  'a pattern of files from the root of the repository, 1 to 255 characters without a space ' +
    'or a slash at its start, such as `application-code/**`',
  /^[^\s/][^\s]{0,254}$/,
);
export const email = matching('an e-mail address', /^[^\s@"]{1,64}@[^\s@"]+\.[^\s@".]+$/);
export const dnsName = text(
  'a DNS name such as `spillway.internal`, in lower case',
  (name) =>
    name.length <= 253 &&
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(name),
);
export const image = matching(
  'an image such as `123456789012.dkr.ecr.us-east-1.amazonaws.com/worker@sha256:…`',
  /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,254}$/,
);
export const stateKeyPrefix = matching(
  'letters, digits and `/ ! - _ .`, without a slash at either end',
  /^[A-Za-z0-9!_.-]+(\/[A-Za-z0-9!_.-]+)*$/,
);

// S3's filters and EventBridge's patterns are exact, and IAM would read `*`, `?` and `$` in a key
// as more than themselves.
export const suffix = matching(
  `1 to ${MAX_SUFFIX_CHARACTERS} letters, digits and \`! - _ . ' ( )\` such as \`.jpg\``,
  new RegExp(`^[A-Za-z0-9!_.'()-]{1,${MAX_SUFFIX_CHARACTERS}}$`),
);

export const bucketName = text(
  "a bucket's name by S3's rules: 3 to 63 lower-case letters, digits, dots and hyphens",
  (name) =>
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !reservedBucketName(name),
);

export const cidr = text(
  'an IPv4 range from /16 to /24 without host bits such as `10.42.0.0/16`',
  isNetwork,
);

function isNetwork(range: string): boolean {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(1[6-9]|2[0-4])$/
    .exec(range)
    ?.slice(1)
    .map(Number);
  if (!parts) return false;
  const octets = parts.slice(0, 4);
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return octets.every((octet) => octet <= 255) && address % 2 ** (32 - Number(parts[4])) === 0;
}

/**
 * In seconds. A queue keeps jobs for ten days, and an alarm can look back for seven: it needs two
 * runs to compare.
 */
const MAX_SCHEDULE_GAP = 3 * 86_400;

export const schedule = text(
  '`rate(1 minute)`, `rate(N minutes)` (or hours, or days) or `cron(…)` of six fields, of which ' +
    'the third or the fifth is `?`, and come at least once in 3 days',
  (expression) => (longestGapSeconds(expression) ?? Number.POSITIVE_INFINITY) <= MAX_SCHEDULE_GAP,
);

/**
 * https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html#id_tags_naming_best_practices
 */
const tagValue = matching(
  'at most 256 letters, digits, spaces and `_ . : / = + - @`',
  /^[\p{L}\p{N}\p{Z}_.:/=+\-@]{0,256}$/u,
);

export const tags = declared(
  z.record(z.string(), tagValue, {
    error: ({ input }) => `must be an object of texts, but ${given(input)} was given`,
  }),
  { must: 'texts by key' },
);

export function isTagKey(key: string): boolean {
  return /^(?!aws:|spillway:)[\p{L}\p{N}\p{Z}_.:/=+\-@]{1,128}$/iu.test(key);
}

/**
 * An object that has settings. An unknown one is a fault, whose message names those that there are.
 */
export function settings<Shape extends z.core.$ZodShape>(shape: Shape) {
  const object = z.strictObject(shape, {
    error: ({ code, input }) =>
      code === 'unrecognized_keys'
        ? Object.keys(shape).join(', ')
        : `must be an object of settings, but ${given(input)} was given`,
  });
  return declared(object, { must: 'settings (see below)' });
}

/** What is wrong with settings of which one, such as `policy`, decides which the others are. */
export function kindFault(setting: string, kinds: readonly string[]) {
  return ({ code, input }: { readonly code: string; readonly input?: unknown }) =>
    code === 'invalid_union'
      ? `must be one of ${kinds.join(', ')}, but ${given(Object(input)[setting])} was given`
      : `must be an object of settings, but ${given(input)} was given`;
}

/** Settings that may be left out together: each then has its default. */
export function group<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.prefault(settings(shape), {} as never);
}

/** Settings by a name that the user chooses, at least one. */
export function named<Item extends z.ZodMiniType>(item: Item, example: string) {
  const error = ({ input }: { readonly input?: unknown }) =>
    `must be an object with at least one entry such as ${example}, but ${given(input)} was given`;
  const record = z
    .record(z.string(), item, { error })
    .check(z.refine((entries) => Object.keys(entries).length > 0, { error }));
  return declared(record, { must: 'settings by name (see below)' });
}
