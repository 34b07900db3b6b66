import * as z from 'zod/mini';
import { KNOB_RULES } from '../../lambda/scaler/decision/knobs';
import { SCALING_POLICIES, type ScalingPolicy } from '../../lambda/scaler/decision/scaling';
import {
  MOST_JOBS_OF_A_STEP,
  MOST_STEPS,
  MOST_TASKS_OF_A_STEP,
  stepsFault,
} from '../../lambda/scaler/decision/steps';
import { SCALER_VARIABLES } from '../../lambda/scaler/environment';
import {
  declared,
  factsOf,
  given,
  innerOf,
  list,
  oneOf,
  required,
  setting,
  wholeNumber,
} from '../../text/setting';
import { kindFault, settings } from './formats';

export const STEP_SETTINGS = {
  from: required(
    wholeNumber({ unit: 'jobs', min: 1, max: MOST_JOBS_OF_A_STEP }),
    'Visible and in-flight jobs from which on the step holds; 1 in the first step.',
  ),
  tasks: required(
    wholeNumber({ unit: 'tasks', min: 1, max: MOST_TASKS_OF_A_STEP }),
    'Tasks that they are worth; `maxTasks` bounds them.',
  ),
};

const unordered = list(settings(STEP_SETTINGS), { what: 'steps', min: 1, max: MOST_STEPS });
const steps = declared(
  unordered.check(({ value, issues }) => {
    const message = stepsFault(value);
    if (message) issues.push({ code: 'custom', message, input: value });
  }),
  { ...factsOf(unordered), each: '`{ from, tasks }`, both rising' },
);

const jobsPerTask = innerOf(KNOB_RULES.jobsPerTask.schema) as ReturnType<typeof wholeNumber>;

/** What each policy of `scaling` is told. */
export const SCALING_SETTINGS = {
  'jobs-per-task': {
    policy: required(oneOf(['jobs-per-task']), 'A task for a number of jobs.'),
    jobsPerTask: setting(
      z.nullable(jobsPerTask),
      null,
      'Jobs that justify one task; `null`: `jobsPerTask` of the pipeline. Runtime knob ' +
        '`jobs-per-task`.',
    ),
  },
  steps: {
    policy: required(oneOf(['steps']), 'A number of tasks from a number of jobs on.'),
    steps: required(steps, 'The steps, in order. Runtime knob `steps`, such as `1:1,500:10`.'),
  },
  'drain-within': {
    policy: required(
      oneOf(['drain-within']),
      'As many tasks as finish the backlog within a time, by the measured time of a job.',
    ),
    minutes: required(
      KNOB_RULES.drainWithinMinutes.schema,
      'Time within which the jobs of the queue shall be done; each run decides again. Runtime ' +
        'knob `drain-within-minutes`.',
    ),
    jobSeconds: setting(
      SCALER_VARIABLES.jobSeconds.schema,
      1,
      'Time that a job takes, from its receive to its end, until the workers have measured it.',
    ),
  },
};

const union = z.discriminatedUnion(
  'policy',
  [
    settings(SCALING_SETTINGS['jobs-per-task']),
    settings(SCALING_SETTINGS.steps),
    settings(SCALING_SETTINGS['drain-within']),
  ],
  { error: kindFault('policy', SCALING_POLICIES) },
);

export const scaling = declared(z.prefault(union, { policy: 'jobs-per-task' }), {
  must: 'settings (see below)',
  about: 'How many tasks the jobs of the queue are worth; `maxTasks` bounds them.',
});

/** Names the policy that has a setting which the chosen one does not have. */
export function otherPolicy(key: string): ScalingPolicy | undefined {
  return SCALING_POLICIES.find((policy) => Object.hasOwn(SCALING_SETTINGS[policy], key));
}

/**
 * What is wrong with a pipeline's `jobsPerTask` beside its `scaling`; undefined when nothing is. It
 * has a default, so that only the settings as they are written tell it.
 */
export function jobsPerTaskFault(written: unknown): string | undefined {
  const { jobsPerTask: above, scaling: chosen } = Object(written);
  const { policy, jobsPerTask: own } = Object(chosen);
  if (above === undefined || policy === undefined) return undefined;
  if (policy !== 'jobs-per-task')
    return (
      `must be left out with the policy ${policy} of \`scaling\`, which does not decide by it, ` +
      `but ${given(above)} was given`
    );
  return own === undefined || own === null || own === above
    ? undefined
    : `must be left out, or be the ${given(own)} of \`scaling\`, but ${given(above)} was given`;
}
