import { ENGINE_MIB } from '../../../application-code/worker/src/job-size';
import {
  LAUNCH_VARIABLES,
  SDK_VARIABLES,
  WORKER_VARIABLES,
} from '../../../application-code/worker/src/settings';
import { SHARD_VARIABLES } from '../../../application-code/worker/src/shard-settings';
import { hasDockerfile, recipeOf } from '../../../application-code/workloads';
import type { Variables } from '../../../text/variables';
import { isVariableName, secretLocation } from '../program-settings';
import { isName } from './names';
import type { PipelineSubject, Rule } from './rules';

/**
 * Half of what a task definition may have:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
 */
const MAX_VARIABLES_CHARACTERS = 32_768;
/**
 * All inline policies of a role have 10,240, and the engine and its canary need less than half:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MAX_PERMISSIONS_CHARACTERS = 5_120;
const CPU_UNITS = 1_024;
/** A role has 64, of which an environment takes 25 and the rest of a build's role 14. */
const MAX_NAME_CHARACTERS = 25;

/** Completes "must have". */
export const WORKLOAD_NAME =
  `a name of 1 to ${MAX_NAME_CHARACTERS} lower-case letters, digits and single hyphens, ` +
  'without a hyphen at either end';

/** Whether the image of a workload of this name can be built. */
export const isWorkloadName = (name: string) =>
  isName(name, MAX_NAME_CHARACTERS) && !name.includes('--');

/** What a pipeline's settings must be for its workload. */
export const WORKLOAD_RULES: readonly Rule<PipelineSubject>[] = [
  ...(['environment', 'secrets'] as const).flatMap((group): readonly Rule<PipelineSubject>[] => [
    {
      about: [group],
      fault: (settings, at) => {
        const wrong = Object.keys(settings[group]).filter((name) => !isVariableName(name));
        return (
          wrong.length > 0 &&
          `${at}.${group} must have names of 1 to 128 letters, digits and underscores that do ` +
            `not begin with a digit, but ${shown(wrong)} was given`
        );
      },
    },
    {
      about: [group, 'workload'],
      fault: (settings, at) => {
        const taken = Object.keys(settings[group]).filter((name) => isTaken(name, settings));
        return (
          taken.length > 0 &&
          `${at}.${group} must have names that neither the engine nor a job has ` +
            `(${TAKEN.join(', ')} and the variables of the settings), but ${shown(taken)} was ` +
            'given; choose another name'
        );
      },
    },
  ]),
  {
    about: ['environment', 'secrets'],
    fault: ({ environment, secrets }, at) => {
      const both = Object.keys(secrets).filter((name) => Object.hasOwn(environment, name));
      return (
        both.length > 0 &&
        `${at}.secrets must have other names than environment, but ${shown(both)} is in both; ` +
          'leave it out of one of them'
      );
    },
  },
  {
    about: ['environment', 'secrets', 'workload', 'recipe'],
    fault: ({ environment, secrets, recipe }, at) => {
      const { length } = JSON.stringify([environment, secrets, JSON.stringify(recipe)]);
      return (
        length > MAX_VARIABLES_CHARACTERS &&
        `${at}.environment, secrets and recipe must together have at most ` +
          `${MAX_VARIABLES_CHARACTERS} characters as JSON, for which a task definition has ` +
          `room, but they have ${length}; have the program read the rest from a file`
      );
    },
  },
  {
    about: ['secrets'],
    fault: ({ secrets, parent: { network, region } }, at) => {
      const far = Object.values(secrets).find((arn) => arn.split(':')[3] !== region);
      return (
        network.egress === 'endpoints' &&
        far !== undefined &&
        `${at}.secrets must lie in ${region} with network.egress \`endpoints\`, which lead to no ` +
          `other region, but ${secretLocation(far)?.arn} was given`
      );
    },
  },
  {
    about: ['secrets', 'secretKeyArns'],
    fault: ({ secrets, secretKeyArns }, at) =>
      Object.keys(secrets).length === 0 &&
      secretKeyArns.length > 0 &&
      `${at}.secretKeyArns must be left out without secrets, but ${secretKeyArns.join(', ')} ` +
        'was given',
  },
  {
    about: ['permissions'],
    fault: ({ permissions }, at) => {
      const { length } = JSON.stringify(permissions);
      return (
        length > MAX_PERMISSIONS_CHARACTERS &&
        `${at}.permissions must have at most ${MAX_PERMISSIONS_CHARACTERS} characters as JSON, ` +
          `for which the policy of a role has room, but they have ${length}; name a folder by ` +
          'its ARN and `/*` instead of each file'
      );
    },
  },
  {
    about: ['permissions', 'workload'],
    fault: ({ permissions, ...settings }, at) =>
      permissions.length > 0 &&
      // A workload that is a program has this setting; any other calls AWS as the engine does.
      'credentials' in settings &&
      settings.credentials === false &&
      `${at}.credentials must be true with permissions, since the program of ` +
        `${settings.workload} gets no credentials otherwise; set it, or leave permissions out`,
  },
  {
    about: ['workload', 'image'],
    fault: ({ workload, image, parent: { delivery } }, at) =>
      image === null &&
      delivery.source !== 'none' &&
      !hasDockerfile(workload) &&
      `${at}.workload must have a Dockerfile, of which the delivery builds its image, but ` +
        `there is no application-code/${workload}/Dockerfile; add one, or give the pipeline ` +
        'an image',
  },
  {
    about: ['workload', 'image'],
    fault: ({ workload, image }, at) =>
      image === null &&
      !isWorkloadName(workload) &&
      `${at}.workload must have ${WORKLOAD_NAME}, since its repository and the role ` +
        `of its build are named after it, but ${JSON.stringify(workload)} was given; rename its ` +
        'folder, or give the pipeline an image',
  },
  {
    about: ['workload', 'cpuUnits'],
    fault: ({ workload, cpuUnits }, at) => {
      const { cpus = 0 } = recipeOf(workload).jobSize ?? {};
      return (
        cpus * CPU_UNITS > cpuUnits &&
        `${at}.cpuUnits must be at least ${Math.ceil(cpus * CPU_UNITS)} for a job of ` +
          `${workload}, which takes ${cpus} CPUs, but ${cpuUnits} was given; raise it, or ` +
          `change the size of a job in application-code/${workload}/recipe.ts`
      );
    },
  },
  {
    about: ['workload', 'memoryMiB'],
    fault: ({ workload, memoryMiB }, at) => {
      const job = recipeOf(workload).jobSize?.memoryMiB ?? 0;
      return (
        job > 0 &&
        job + ENGINE_MIB > memoryMiB &&
        `${at}.memoryMiB must be at least ${job + ENGINE_MIB} for a job of ${workload}, which ` +
          `takes ${job} MiB beside the ${ENGINE_MIB} of the engine, but ${memoryMiB} was given; ` +
          `raise it, or change the size of a job in application-code/${workload}/recipe.ts`
      );
    },
  },
];

/** Names of the engine, its runtime, and the jobs of a program. */
const TAKEN = ['AWS_…', 'ECS_…', 'JOB_…', 'SOURCE_…', 'NODE_…', 'UV_…', 'LD_…', 'MALLOC_…'];
const PREFIXES = TAKEN.map((prefix) => prefix.slice(0, -1));
/** Of a program's job, and of its process. */
const NAMES = [
  ...['S3_BUCKET', 'S3_KEY', 'ATTEMPT', 'SENT_AT'],
  ...['PROGRAM_CREDENTIALS', 'TMPDIR'],
];

function isTaken(name: string, { workload }: PipelineSubject): boolean {
  const { settings = {}, processVariables = {} } = recipeOf(workload);
  const variables = [
    WORKER_VARIABLES,
    LAUNCH_VARIABLES,
    SHARD_VARIABLES,
    SDK_VARIABLES,
    settings as Variables,
  ].flatMap((declared) =>
    Object.values<{ readonly variable: string }>(declared).map(({ variable }) => variable),
  );
  return (
    PREFIXES.some((prefix) => name.startsWith(prefix)) ||
    [...NAMES, ...variables, ...Object.keys(processVariables)].includes(name)
  );
}

const shown = (names: readonly string[]) => names.map((name) => JSON.stringify(name)).join(', ');
