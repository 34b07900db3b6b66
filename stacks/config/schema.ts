import * as z from 'zod/mini';
import { DEFAULT_WORKLOAD, workloadNames } from '../../application-code/workloads';
import { declared, required, setting, text } from '../../text/setting';
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
import { group, named, settings } from './objects';
import { PIPELINE_SETTINGS } from './pipeline-settings';
import { workload, workloadSettings } from './workload-settings';

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
    const read = z.safeParse(group(pipelineSettings(known ?? DEFAULT_WORKLOAD)), input);
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
