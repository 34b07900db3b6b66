/**
 * 1 to `most` lower-case letters, digits and hyphens, without a hyphen at either end, so that names
 * can be joined.
 */
export function isName(name: string, most: number): boolean {
  return name.length <= most && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name);
}

export function nameFault(at: string, name: string, most: number): string {
  return (
    `${at} must have a name of 1 to ${most} lower-case letters, digits and hyphens, without ` +
    `a hyphen at either end, but ${JSON.stringify(name)} was given`
  );
}

/** A beginning or a shape of names that a service keeps for itself or refuses. */
interface ReservedName {
  readonly pattern: RegExp;
  /** Completes "since …". */
  readonly because: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKETS: readonly ReservedName[] = [
  ...['xn--', 'sthree-', 'amzn-s3-demo-'].map((start) => ({
    pattern: new RegExp(`^${start}`),
    because: `S3 keeps bucket names that begin with ${start}`,
  })),
  ...['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'].map((end) => ({
    pattern: new RegExp(`${end.replace('.', '\\.')}$`),
    because: `S3 keeps bucket names that end in ${end}`,
  })),
];

/**
 * What the first part of all our names, `<blueprint>-<environment>`, may not be. Whatever begins
 * with it is a bucket, a security group, a repository and so on; parameters are below
 * `/<blueprint>/`.
 */
const PREFIXES: readonly ReservedName[] = [
  ...BUCKETS,
  // https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
  ...['aws', 'ssm'].map((start) => ({
    pattern: new RegExp(`^${start}`),
    because: `Systems Manager keeps names of parameters that begin with ${start}`,
  })),
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
  { pattern: /^sg-/, because: 'EC2 keeps names of security groups that begin with sg-' },
  // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
  { pattern: /^[^a-z]/, because: 'names of ECR repositories begin with a letter' },
  { pattern: /--/, because: 'names of ECR repositories have no two hyphens in a row' },
];

/** Why S3 has no bucket of a name, or undefined. */
export const reservedBucketName = (name: string) => reason(BUCKETS, name);

/** Why a service refuses a name that begins with `<blueprint>-<environment>`, or undefined. */
export const reservedPrefix = (prefix: string) => reason(PREFIXES, prefix);

function reason(reserved: readonly ReservedName[], name: string): string | undefined {
  return reserved.find(({ pattern }) => pattern.test(name))?.because;
}
