import * as z from 'zod/mini';
import { SDK_VARIABLES } from '../application-code/worker/src/settings';
import { DEFAULT_WORKLOAD } from '../application-code/workloads';
import type { Architecture } from '../contract/delivery';
import { list, matching, type Range, setting, text, wholeNumber } from '../text/setting';
import { readVariables, type VariableOf, type Variables, withoutDefaults } from '../text/variables';

/** Time that a canary task may take; the deployer is told it in seconds. */
export const CANARY_TIMEOUT_MINUTES: Range = { unit: 'minutes', min: 1, max: 60 };

const path = matching('a path such as `/spillway/dev/photos/delivery/`', /^(\/[\w.-]+)+\/$/);
const digests = z.optional(
  list(
    matching(
      'the digest of an image, `sha256:` and 64 hexadecimal digits, after the name of its ' +
        'workload and `=` unless that is ' +
        DEFAULT_WORKLOAD,
      /^([a-z0-9-]+=)?sha256:[0-9a-f]{64}$/,
    ),
    { what: 'digests, separated by commas', min: 1, max: 100 },
  ),
);

/** What the stacks tell the deployer, whichever project runs it. */
export const DEPLOYER_VARIABLES = {
  /** `deliveryPath` of every pipeline whose image is built here. */
  deliveryPaths: {
    variable: 'DELIVERY_PATHS',
    schema: list(path, { what: 'paths, separated by commas', min: 1, max: 100 }),
  },
  keptRevisions: {
    variable: 'KEPT_REVISIONS',
    schema: setting(
      wholeNumber({ unit: 'revisions', min: 1, max: 100 }),
      10,
      'Revisions that are kept beside the promoted one, for a rollback.',
    ),
  },
  /** Time that a canary task may take from its launch to its end. */
  canaryTimeoutSeconds: {
    variable: 'CANARY_TIMEOUT_SECONDS',
    schema: wholeNumber({ unit: 'seconds', min: 1, max: 60 * CANARY_TIMEOUT_MINUTES.max }),
  },
} as const satisfies Variables;

/** What a build says about its images. */
const BUILD_VARIABLES = {
  /** Digests of new images; absent: the image that is current. */
  arm64: { variable: 'IMAGE_DIGEST_ARM64', schema: digests },
  x86_64: { variable: 'IMAGE_DIGEST_X86_64', schema: digests },
  /** What the new images are made of. */
  commit: {
    variable: 'COMMIT',
    schema: z.optional(text('at most 256 characters', ({ length }) => length <= 256)),
  },
} as const satisfies Variables;

/** Every variable of the deployer; a renamed one fails the types of whatever fills it. */
export type VariableName =
  | VariableOf<typeof DEPLOYER_VARIABLES>
  | VariableOf<typeof BUILD_VARIABLES>;

const VARIABLES = {
  ...withoutDefaults(DEPLOYER_VARIABLES),
  ...BUILD_VARIABLES,
  ...SDK_VARIABLES,
} as const satisfies Variables;

/** Digests of new images by the name of their workload. */
export type ImageDigests = Readonly<
  Partial<Record<Architecture, Readonly<Record<string, string>>>>
>;

/** The settings of the deployer, from its environment. */
export interface Environment {
  readonly deliveryPaths: readonly string[];
  readonly keptRevisions: number;
  readonly canaryTimeoutSeconds: number;
  readonly digests: ImageDigests;
  readonly commit?: string;
  readonly aws: AwsSettings;
}

export interface AwsSettings {
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

export type EnvironmentVariables = Readonly<
  Partial<Record<VariableOf<typeof VARIABLES>, string | undefined>>
>;

/**
 * Reads the whole environment. An empty variable counts as unset.
 * @throws EnvironmentError that names every fault at once.
 */
export function readEnvironment(variables: EnvironmentVariables = process.env): Environment {
  const { values, faults } = readVariables(VARIABLES, variables);
  const region = values.region || values.defaultRegion;
  const sentences = [...faults.values()].map((fault) => `${fault}: set it in the build project`);
  if (!region)
    sentences.push('AWS_REGION must be the region of the pipelines, but nothing was given: set it');
  if (sentences.length > 0 || !region) throw new EnvironmentError(sentences);
  const { deliveryPaths, keptRevisions, canaryTimeoutSeconds, arm64, x86_64, commit } = values;
  const { endpoint, s3Endpoint, sqsEndpoint } = values;
  return {
    ...{ deliveryPaths, keptRevisions, canaryTimeoutSeconds },
    digests: {
      ...(arm64 && { arm64: byWorkload(arm64) }),
      ...(x86_64 && { x86_64: byWorkload(x86_64) }),
    },
    ...(commit && { commit }),
    aws: {
      region,
      hasS3Endpoint: Boolean(s3Endpoint || endpoint),
      hasSqsEndpoint: Boolean(sqsEndpoint || endpoint),
    },
  };
}

function byWorkload(digests: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    digests.map((named) => {
      const [digest = '', workload = DEFAULT_WORKLOAD] = named.split('=').reverse();
      return [workload, digest];
    }),
  );
}
