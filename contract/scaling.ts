import type { KNOB_RULES, ScalingKnob } from '../lambda/scaler/decision/knobs';
import type { Step } from '../lambda/scaler/decision/scaling';
import type { ValuesOf } from '../text/variables';

/** How a pipeline scales, as it is configured. */
export type ScalingSettings =
  | { readonly policy: 'jobs-per-task'; readonly jobsPerTask: number | null }
  | { readonly policy: 'steps'; readonly steps: readonly Step[] }
  | { readonly policy: 'drain-within'; readonly minutes: number; readonly jobSeconds: number };

type Knobs = Pick<ValuesOf<typeof KNOB_RULES>, ScalingKnob>;

/** What the variables of the other policies hold: each must have an allowed value. */
const NOT_IN_FORCE = { steps: '1:1', drainWithinMinutes: 15 };
const JOB_SECONDS_NOT_IN_FORCE = 1;

/**
 * The values of all knobs of scaling policies.
 * @param jobsPerTask of the pipeline, unless its scaling has a number of its own.
 */
export function scalingKnobs(scaling: ScalingSettings, jobsPerTask: number): Knobs {
  const values = { ...NOT_IN_FORCE, jobsPerTask };
  switch (scaling.policy) {
    case 'jobs-per-task':
      return { ...values, jobsPerTask: scaling.jobsPerTask ?? jobsPerTask };
    case 'steps':
      return { ...values, steps: stepsText(scaling.steps) };
    case 'drain-within':
      return { ...values, drainWithinMinutes: scaling.minutes };
  }
}

/** Seconds that a job takes until there are measurements. */
export function jobSecondsOf(scaling: ScalingSettings): number {
  return scaling.policy === 'drain-within' ? scaling.jobSeconds : JOB_SECONDS_NOT_IN_FORCE;
}

/** Steps as variable and parameter hold them, such as `1:1,500:10`. */
function stepsText(steps: readonly Step[]): string {
  return steps.map(({ from, tasks }) => `${from}:${tasks}`).join(',');
}
