import type { VariableName } from './variables';

/** The values that say how a pipeline scales. */
export interface Knobs {
  /** False holds every launch; running tasks go on until they are idle. */
  readonly enabled: boolean;
  /** Most tasks running and pending together. Range 0 to 5,000. */
  readonly maxTasks: number;
  /**
   * Jobs of the backlog that justify one task. Range 1 to 120,000 (the most messages that a queue
   * keeps in flight).
   */
  readonly jobsPerTask: number;
  /** Tasks of the fleet that run on FARGATE before the weights count. Range 0 to 5,000. */
  readonly onDemandBase: number;
  /**
   * Share of FARGATE above the base, relative to `spotWeight`. Range 0 to 1,000, as in a capacity
   * provider strategy.
   */
  readonly onDemandWeight: number;
  /** Share of FARGATE_SPOT above the base. Range 0 to 1,000. */
  readonly spotWeight: number;
}

export type KnobName = keyof Knobs;

interface KnobRule {
  /** Name of the parameter below the pipeline's path. */
  readonly parameter: string;
  /** Name of the environment variable that holds the configured value. */
  readonly variable: VariableName;
  /** Absent for the one knob that is a switch. */
  readonly range?: readonly [minimum: number, maximum: number];
}

/** One row per knob: what it is called in the two places that set it, and what is allowed there. */
export const KNOB_RULES: Readonly<Record<KnobName, KnobRule>> = {
  enabled: { parameter: 'enabled', variable: 'ENABLED' },
  maxTasks: { parameter: 'max-tasks', variable: 'MAX_TASKS', range: [0, 5_000] },
  jobsPerTask: { parameter: 'jobs-per-task', variable: 'JOBS_PER_TASK', range: [1, 120_000] },
  onDemandBase: { parameter: 'on-demand-base', variable: 'ON_DEMAND_BASE', range: [0, 5_000] },
  onDemandWeight: {
    parameter: 'on-demand-weight',
    variable: 'ON_DEMAND_WEIGHT',
    range: [0, 1_000],
  },
  spotWeight: { parameter: 'spot-weight', variable: 'SPOT_WEIGHT', range: [0, 1_000] },
};

export const KNOB_NAMES = Object.keys(KNOB_RULES) as KnobName[];

/** What is allowed for a knob, for a sentence such as "must be …". */
export function allowedValues(name: KnobName): string {
  const { range } = KNOB_RULES[name];
  return range ? `a whole number from ${range[0]} to ${range[1]}` : '`true` or `false`';
}

/** The value that a text stands for, or undefined when it is none that is allowed. */
export function parseKnob(name: KnobName, text: string): number | boolean | undefined {
  const { range } = KNOB_RULES[name];
  if (!range) return text === 'true' ? true : text === 'false' ? false : undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return value >= range[0] && value <= range[1] ? value : undefined;
}
