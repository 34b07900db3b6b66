import * as z from 'zod/mini';
import {
  RecipeError,
  type WorkloadRecipe,
} from '../../application-code/worker/src/workload/recipe';
import {
  DEFAULT_WORKLOAD,
  recipeOf,
  WorkloadError,
  workloadNames,
} from '../../application-code/workloads';
import { declared, defaultOf, oneOf, required, setting, text } from '../../text/setting';
import { settingsOf } from '../../text/variables';
import type { EnvironmentSettings, PipelineSettings } from './blueprint-config';
import { DELIVERY_SETTINGS } from './delivery-settings';
import {
  ALARM_SETTINGS,
  BACKEND_SETTINGS,
  BUCKET_SETTINGS,
  CLUSTER_SETTINGS,
  ENVIRONMENT_SETTINGS,
  NETWORK_SETTINGS,
  SCALER_SETTINGS,
} from './environment-settings';
import { group, named, settings } from './formats';
import { PIPELINE_SETTINGS } from './pipeline-settings';
import { jobsPerTaskFault } from './scaling-settings';

/** How every workload calls a recipe in its sentences. */
export const RECIPE = 'RECIPE';

export const workload = setting(
  oneOf(workloadNames()),
  DEFAULT_WORKLOAD,
  'What is done with each source object: a folder below `application-code/` with a `recipe.ts`.',
);

/** Settings of a pipeline that its workload declares. */
export const workloadSettings = (name: string) => settingsWith(recipeOf(name));

/** Settings of a pipeline with a workload that says this of its recipe. */
export function settingsWith(workloadRecipe: WorkloadRecipe) {
  const { default: byDefault, about = '', settings = {}, ...rest } = workloadRecipe;
  const recipe = setting(recipeSchema(rest.parse), byDefault, about);
  return { recipe, ...settingsOf(settings) };
}

/** Why the `recipe.ts` of a workload cannot be used; undefined when it can. */
export function loadFault(name: string): string | undefined {
  try {
    recipeOf(name);
    return undefined;
  } catch (error) {
    if (!(error instanceof WorkloadError)) throw error;
    const file = `application-code/${name}/recipe.ts`;
    return `must be a workload that can be read, but ${file} ${error.why}`;
  }
}

/**
 * The workload reads its recipe, in which a name may stand for settings, and judges it in sentences
 * that begin with {@link RECIPE}.
 */
function recipeSchema(parse: WorkloadRecipe['parse']) {
  const schema = z.pipe(
    z.unknown(),
    z.transform((value, { issues }) => {
      try {
        return parse(JSON.stringify(value) ?? 'null');
      } catch (error) {
        if (!(error instanceof RecipeError)) throw error;
        for (const message of error.faults) issues.push({ code: 'custom', message, input: value });
        return z.NEVER;
      }
    }),
  );
  return declared(schema, { must: 'a recipe' });
}

/** What each value must be by itself. The rules say what several must be together. */

/** Settings of a pipeline with a workload. */
export function pipelineSettings(name: string) {
  return { ...PIPELINE_SETTINGS, workload, ...workloadSettings(name) };
}

/** What a pipeline's settings may be depends on its workload. */
const pipeline = z.pipe(
  z.unknown(),
  z.transform((input, context) => {
    const chosen = (input as { readonly workload?: unknown } | null | undefined)?.workload;
    const known = workloadNames().find((name) => name === (chosen ?? DEFAULT_WORKLOAD));
    const fault = known && loadFault(known);
    if (fault) {
      context.issues.push({ code: 'custom', path: ['workload'], message: fault, input });
      return z.NEVER;
    }
    const read = z.safeParse(group(pipelineSettings(known ?? DEFAULT_WORKLOAD)), input);
    const twice = read.success ? jobsPerTaskFault(input) : undefined;
    if (twice) {
      context.issues.push({ code: 'custom', path: ['jobsPerTask'], message: twice, input });
      return z.NEVER;
    }
    if (read.success) return read.data;
    // Of a workload that does not exist, no setting is right or wrong.
    const isOwn = ({ path: [name] }: z.core.$ZodIssue) =>
      known === undefined && name !== 'workload' && !Object.hasOwn(PIPELINE_SETTINGS, String(name));
    for (const issue of read.error.issues.filter((one) => !isOwn(one)))
      context.issues.push({ ...issue, input } as z.core.$ZodRawIssue);
    return z.NEVER;
  }),
);

/** Groups of an environment's settings. */
export const GROUPS = {
  network: declared(group(NETWORK_SETTINGS), { about: 'Where tasks run.' }),
  cluster: declared(group(CLUSTER_SETTINGS), { about: 'What runs the tasks.' }),
  buckets: declared(group(BUCKET_SETTINGS), { about: 'The buckets that the blueprint makes.' }),
  alarms: declared(group(ALARM_SETTINGS), { about: 'What raises an alarm, and who is told.' }),
  scaler: declared(group(SCALER_SETTINGS), { about: 'The function that launches tasks.' }),
  delivery: declared(group(DELIVERY_SETTINGS), {
    about: "How the worker's image is built and brought to the cluster.",
  }),
};

export const ENVIRONMENT = {
  ...ENVIRONMENT_SETTINGS,
  ...GROUPS,
  pipelines: declared(z.prefault(named(pipeline, '{ photos: {} }'), { photos: {} }), {
    about: 'At least one pipeline by its name: 1 to 16 lower-case letters, digits and `-`.',
  }),
  backend: setting(
    z.nullable(settings(BACKEND_SETTINGS)),
    null,
    'Where Terraform keeps its state; with `null` in files beside `cdktf.json`.',
  ),
};

export const BLUEPRINT = {
  name: setting(
    text('a text', () => true),
    'spillway',
    'First part of every name in AWS: 1 to 12 lower-case letters, digits and `-`.',
  ),
  environments: required(
    named(group(ENVIRONMENT), '{ dev: {} }'),
    'At least one environment by its name: 1 to 12 lower-case letters, digits and `-`. `{}` is ' +
      'a whole environment.',
  ),
};

export const BLUEPRINT_SCHEMA = settings(BLUEPRINT);

/** First part of every name when the blueprint has none. */
export const DEFAULT_NAME = defaultOf(BLUEPRINT.name);

/** A pipeline of which nothing is said. */
export const DEFAULT_PIPELINE: PipelineSettings = z.parse(
  group(pipelineSettings(DEFAULT_WORKLOAD)),
  undefined,
);

/** An environment of which nothing is said. */
export const DEFAULT_ENVIRONMENT = z.parse(group(ENVIRONMENT), undefined) as EnvironmentSettings;
