import { maxTasksFault } from './in-flight';
import {
  allowedValues,
  isInForce,
  KNOB_NAMES,
  KNOB_RULES,
  type KnobName,
  type Knobs,
  parseKnob,
  type ScalingKnob,
} from './knobs';
import type { Scaling, ScalingRule } from './scaling';
import { parseSteps } from './steps';

/**
 * What holds for one run: the knobs as operators left them, and the revision that delivery
 * promoted.
 */
export interface Policy extends Omit<Knobs, ScalingKnob> {
  readonly scaling: Scaling;
  /** `family:revision`; absent until the first image has been promoted. */
  readonly taskDefinition?: string;
}

export interface PolicySources {
  /** Name below the path to value. */
  readonly parameters: ReadonlyMap<string, string>;
  /** What holds for a knob that is `configured` or has no parameter. */
  readonly configured: Knobs;
  readonly scalingPolicy: ScalingRule;
  readonly parameterPath: string;
  readonly taskFamily: string;
  readonly jobsAtATime: number;
  /** Samples that a task collects before it acknowledges any; 0, the default: it collects none. */
  readonly shardSamples?: number;
}

/** One or more parameters hold a value that is not allowed; the message has one line per fault. */
export class InvalidParametersError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(
      `No task is launched until ${faults.length} wrong value(s) in SSM Parameter Store are ` +
        `fixed.\n- ${faults.join('\n- ')}`,
    );
    this.name = 'InvalidParametersError';
  }
}

const CONFIGURED = 'configured';
const NONE = 'none';

/**
 * Reads a run's policy.
 * @throws InvalidParametersError that names every wrong value: a guess could launch an unwanted
 *   fleet.
 */
export function resolvePolicy(sources: PolicySources): Policy {
  const faults: string[] = [];
  const taskDefinition = resolveTaskDefinition(sources, faults);
  const knobs = Object.fromEntries(
    KNOB_NAMES.map((name) => [name, resolveKnob(name, sources, faults)]),
  ) as unknown as Knobs;
  const { jobsPerTask: _, steps: __, drainWithinMinutes: ___, ...others } = knobs;
  if (others.onDemandWeight === 0 && others.spotWeight === 0) {
    faults.push(
      `${sources.parameterPath}on-demand-weight and spot-weight must not both be 0: set one ` +
        `of them to 1 or more, or to \`${CONFIGURED}\``,
    );
  }
  const { jobsAtATime, shardSamples: samples = 0 } = sources;
  const tooMany = maxTasksFault(others.maxTasks, { samples, jobsAtATime });
  if (tooMany) faults.push(`${sources.parameterPath}max-tasks ${tooMany}: lower it`);
  if (faults.length > 0) throw new InvalidParametersError(faults);
  const policy = { ...others, scaling: scalingOf(sources.scalingPolicy, knobs) };
  return taskDefinition === undefined ? policy : { ...policy, taskDefinition };
}

/** The knobs of a policy as it decides by them. */
export function scalingOf(policy: ScalingRule, knobs: Pick<Knobs, ScalingKnob>): Scaling {
  switch (policy) {
    case 'jobs-per-task':
      return { policy, jobsPerTask: knobs.jobsPerTask };
    case 'steps':
      return { policy, steps: parseSteps(knobs.steps) ?? [] };
    case 'drain-within':
      return { policy, minutes: knobs.drainWithinMinutes };
    case 'per-object':
      return { policy };
  }
}

function resolveKnob(
  name: KnobName,
  sources: PolicySources,
  faults: string[],
): Knobs[KnobName] | undefined {
  const { parameter } = KNOB_RULES[name];
  // What an operator set under another policy must not stop this one.
  if (!isInForce(name, sources.scalingPolicy)) return sources.configured[name];
  const text = sources.parameters.get(parameter)?.trim() ?? CONFIGURED;
  if (text === CONFIGURED) return sources.configured[name];
  const value = parseKnob(name, text);
  if (value === undefined) {
    const path = sources.parameterPath + parameter;
    faults.push(
      `${path} must be \`${CONFIGURED}\` or ${allowedValues(name)}, but \`${text}\` was ` +
        `given: ${putParameter(path, CONFIGURED)} restores the configured value`,
    );
  }
  return value;
}

/**
 * Another family is refused: its tasks would not be counted, and the fleet would grow without end.
 */
function resolveTaskDefinition(sources: PolicySources, faults: string[]): string | undefined {
  const text = sources.parameters.get('task-definition')?.trim() ?? NONE;
  if (text === NONE) return undefined;
  const [, family, revision] =
    /^(?:arn:\S+:task-definition\/)?([\w-]+):([1-9]\d*)$/.exec(text) ?? [];
  if (family === sources.taskFamily) return `${family}:${revision}`;
  const path = `${sources.parameterPath}task-definition`;
  faults.push(
    `${path} must be \`${NONE}\` or a revision of the family ${sources.taskFamily} such as ` +
      `\`${sources.taskFamily}:1\`, but \`${text}\` was given: promote a revision again, or ` +
      `hold the pipeline by ${putParameter(path, NONE)}`,
  );
  return undefined;
}

function putParameter(path: string, value: string): string {
  return `\`aws ssm put-parameter --overwrite --name ${path} --value ${value}\``;
}
