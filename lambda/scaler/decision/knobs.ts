import { factsOf, flag, required, setting, text, wholeNumber } from '../../../text/setting';
import { readText, type ValuesOf, type Variable } from '../../../text/variables';
import type { ScalingPolicy, ScalingRule } from './scaling';
import { MOST_STEPS, parseSteps } from './steps';

/** A value that says how a pipeline scales, and that operators change while it runs. */
interface Knob extends Variable {
  /** Name of the parameter below the pipeline's path. */
  readonly parameter: string;
  /** The only policy under which it counts; absent: it counts under every one. */
  readonly policy?: ScalingPolicy;
}

/** What the runtime knobs are called in the two places that set them, and what is allowed there. */
export const KNOB_RULES = {
  enabled: {
    parameter: 'enabled',
    variable: 'ENABLED',
    schema: required(
      flag(),
      'False holds every launch; running tasks continue until they are idle.',
    ),
  },
  maxTasks: {
    parameter: 'max-tasks',
    variable: 'MAX_TASKS',
    schema: setting(
      wholeNumber({ unit: 'tasks', min: 0, max: 5_000 }),
      10,
      'Most tasks running and pending together. Runtime knob `max-tasks`.',
    ),
  },
  minTasks: {
    parameter: 'min-tasks',
    variable: 'MIN_TASKS',
    schema: setting(
      wholeNumber({ unit: 'tasks', min: 0, max: 5_000 }),
      0,
      'Tasks that are kept warm: they do not end when the queue is empty, and are replaced when ' +
        'they end by their age. Runtime knob `min-tasks`.',
    ),
  },
  jobsPerTask: {
    parameter: 'jobs-per-task',
    variable: 'JOBS_PER_TASK',
    policy: 'jobs-per-task',
    schema: setting(
      // The most messages that a queue keeps in flight.
      wholeNumber({ unit: 'jobs', min: 1, max: 120_000 }),
      100,
      'Jobs of the backlog that justify one task, with the policy `jobs-per-task` of `scaling`. ' +
        'Runtime knob `jobs-per-task`.',
    ),
  },
  steps: {
    parameter: 'steps',
    variable: 'STEPS',
    policy: 'steps',
    schema: required(
      text(
        `1 to ${MOST_STEPS} steps such as \`1:1,500:10\`, each \`from:tasks\`, from 1 job on and ` +
          'both numbers rising',
        (steps) => parseSteps(steps) !== undefined,
      ),
      'Tasks from a number of jobs on.',
    ),
  },
  drainWithinMinutes: {
    parameter: 'drain-within-minutes',
    variable: 'DRAIN_WITHIN_MINUTES',
    policy: 'drain-within',
    schema: required(
      wholeNumber({ unit: 'minutes', min: 1, max: 10_080 }),
      'Time within which the jobs of the queue shall be done; each run decides again.',
    ),
  },
  onDemandBase: {
    parameter: 'on-demand-base',
    variable: 'ON_DEMAND_BASE',
    schema: setting(
      wholeNumber({ unit: 'tasks', min: 0, max: 5_000 }),
      2,
      'Tasks of the fleet on FARGATE before the weights count. Runtime knob `on-demand-base`.',
    ),
  },
  onDemandWeight: {
    parameter: 'on-demand-weight',
    variable: 'ON_DEMAND_WEIGHT',
    schema: setting(
      // As in a capacity provider strategy.
      wholeNumber({ unit: 'parts', min: 0, max: 1_000 }),
      1,
      'Share of FARGATE above the base. Runtime knob `on-demand-weight`.',
    ),
  },
  spotWeight: {
    parameter: 'spot-weight',
    variable: 'SPOT_WEIGHT',
    schema: setting(
      wholeNumber({ unit: 'parts', min: 0, max: 1_000 }),
      4,
      'Share of FARGATE_SPOT above the base. Runtime knob `spot-weight`.',
    ),
  },
} as const satisfies Readonly<Record<string, Knob>>;

export type Knobs = ValuesOf<typeof KNOB_RULES>;
export type KnobName = keyof Knobs;

/** Those by which a scaling policy decides, each of one policy. */
export type ScalingKnob = 'jobsPerTask' | 'steps' | 'drainWithinMinutes';

export const KNOB_NAMES = Object.keys(KNOB_RULES) as KnobName[];

/** What is allowed for a knob, for a sentence such as "must be …". */
export function allowedValues(name: KnobName): string {
  return factsOf(KNOB_RULES[name].schema).must ?? '';
}

/** The value that a text stands for, or undefined when it is not allowed. */
export function parseKnob(name: KnobName, text: string): Knobs[KnobName] | undefined {
  return text === '' ? undefined : readText(KNOB_RULES[name].schema, text).data;
}

/** The only policy under which a knob counts; undefined: it counts under every one. */
export function onlyPolicy(name: KnobName): ScalingPolicy | undefined {
  const rule: Knob = KNOB_RULES[name];
  return rule.policy;
}

/** Whether a knob counts under a policy. */
export function isInForce(name: KnobName, policy: ScalingRule): boolean {
  const only = onlyPolicy(name);
  return only === undefined || only === policy;
}
