import { type Architecture, IMAGE_DIGEST_VARIABLES } from '../contract/delivery';
import type { VariableName } from './variables';

/** The settings of the deployer, from its environment. */
export interface Environment {
  /** `deliveryPath` of every pipeline. Source: `DELIVERY_PATHS`, separated by commas. */
  readonly deliveryPaths: readonly string[];
  /** Revisions kept beside the promoted one, 1 to 100. Source: `KEPT_REVISIONS`. */
  readonly keptRevisions: number;
  /** Seconds, 1 to 3,600, that a canary task may take. Source: `CANARY_TIMEOUT_SECONDS`. */
  readonly canaryTimeoutSeconds: number;
  /**
   * Digests of new images, `sha256:…`; absent: the image that is current. Sources:
   * `IMAGE_DIGEST_ARM64`, `IMAGE_DIGEST_X86_64`.
   */
  readonly digests: Readonly<Partial<Record<Architecture, string>>>;
  /** What the new images are made of. Source: `COMMIT`; absent when it is not given. */
  readonly commit?: string;
  readonly aws: AwsSettings;
}

export interface AwsSettings {
  /** Source: `AWS_REGION`, else `AWS_DEFAULT_REGION`. */
  readonly region: string;
  /** Whether `AWS_ENDPOINT_URL` or the service's own variable names an emulator. */
  readonly hasS3Endpoint: boolean;
  readonly hasSqsEndpoint: boolean;
}

/** An environment with which nothing can be deployed; the message has one line for each fault. */
export class EnvironmentError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(
      `The deployer cannot start: ${faults.length} of its environment variables must be ` +
        `changed.\n- ${faults.join('\n- ')}`,
    );
    this.name = 'EnvironmentError';
  }
}

type SdkVariable =
  | 'AWS_REGION'
  | 'AWS_DEFAULT_REGION'
  | 'AWS_ENDPOINT_URL'
  | 'AWS_ENDPOINT_URL_S3'
  | 'AWS_ENDPOINT_URL_SQS';

export type Variables = Readonly<Partial<Record<VariableName | SdkVariable, string | undefined>>>;

interface Rule {
  readonly holds: (value: string) => boolean;
  readonly allowed: string;
  readonly isOptional?: boolean;
}

const between = (from: number, to: number, unit: string): Rule => ({
  holds: (value) => /^\d+$/.test(value) && Number(value) >= from && Number(value) <= to,
  allowed: `a whole number of ${unit} between ${from} and ${to}`,
});

const DIGEST: Rule = {
  holds: (value) => /^sha256:[0-9a-f]{64}$/.test(value),
  allowed: 'the digest of an image, `sha256:` and 64 hexadecimal digits',
  isOptional: true,
};

const PATHS = /^(\/[\w.-]+)+\/(,(\/[\w.-]+)+\/)*$/;

const RULES: Readonly<Record<VariableName, Rule>> = {
  DELIVERY_PATHS: {
    holds: (value) =>
      PATHS.test(value) && new Set(value.split(',')).size === value.split(',').length,
    allowed: 'different paths such as `/spillway/dev/photos/delivery/`, separated by commas',
  },
  KEPT_REVISIONS: between(1, 100, 'revisions'),
  CANARY_TIMEOUT_SECONDS: between(1, 3600, 'seconds'),
  IMAGE_DIGEST_ARM64: DIGEST,
  IMAGE_DIGEST_X86_64: DIGEST,
  COMMIT: {
    holds: (value) => value.length <= 256,
    allowed: 'at most 256 characters',
    isOptional: true,
  },
};

/**
 * Reads the whole environment. An empty variable counts as unset.
 * @throws EnvironmentError that names every fault at once.
 */
export function readEnvironment(variables: Variables = process.env): Environment {
  const region = variables.AWS_REGION || variables.AWS_DEFAULT_REGION;
  const faults = [
    ...(Object.keys(RULES) as VariableName[]).flatMap((name) => faultOf(name, variables[name])),
    ...(region
      ? []
      : ['AWS_REGION must be the region of the pipelines, but it is missing: set it']),
  ];
  if (faults.length > 0 || !region) throw new EnvironmentError(faults);
  return {
    deliveryPaths: (variables.DELIVERY_PATHS ?? '').split(','),
    keptRevisions: Number(variables.KEPT_REVISIONS),
    canaryTimeoutSeconds: Number(variables.CANARY_TIMEOUT_SECONDS),
    digests: digestsOf(variables),
    ...(variables.COMMIT && { commit: variables.COMMIT }),
    aws: {
      region,
      hasS3Endpoint: Boolean(variables.AWS_ENDPOINT_URL_S3 || variables.AWS_ENDPOINT_URL),
      hasSqsEndpoint: Boolean(variables.AWS_ENDPOINT_URL_SQS || variables.AWS_ENDPOINT_URL),
    },
  };
}

function digestsOf(variables: Variables): Environment['digests'] {
  const given = (Object.keys(IMAGE_DIGEST_VARIABLES) as Architecture[]).flatMap((architecture) => {
    const digest = variables[IMAGE_DIGEST_VARIABLES[architecture]];
    return digest ? [[architecture, digest] as const] : [];
  });
  return Object.fromEntries(given);
}

function faultOf(name: VariableName, value: string | undefined): readonly string[] {
  const { holds, allowed, isOptional } = RULES[name];
  if (value ? holds(value) : isOptional) return [];
  const given = value ? `\`${value}\` was given` : 'it is missing';
  return [`${name} must be ${allowed}, but ${given}: set it in the build project`];
}
