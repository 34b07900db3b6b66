import { CONFIGURED, KNOB_PARAMETERS } from '../../contract/parameters';
import { maxTasksFault } from '../../lambda/scaler/decision/in-flight';
import {
  allowedValues,
  isInForce,
  KNOB_NAMES,
  KNOB_RULES,
  type KnobName,
  onlyPolicy,
  parseKnob,
} from '../../lambda/scaler/decision/knobs';
import {
  SCALING_RULES,
  type ScalingPolicy,
  type ScalingRule,
} from '../../lambda/scaler/decision/scaling';
import { nearestWord, shown } from '../../text/words';
import { RefusalError, UsageError } from '../terminal/failures';
import type { Target } from './target';
import { withDeployed } from './with-deployed';

/** One runtime knob as it stands. */
export interface Knob {
  readonly name: KnobName;
  /** Name of its parameter below the pipeline's path. */
  readonly parameter: string;
  /** What the configuration says, as it was deployed last. */
  readonly configured: string;
  /** What an operator has set instead; absent: the configuration holds. */
  readonly override?: string;
  /** The scaling policy under which alone it counts, when that is not the pipeline's. */
  readonly onlyWith?: ScalingPolicy;
  /** What is wrong with the override; the scaler launches nothing until it is fixed. */
  readonly fault?: string;
}

interface KnobSources {
  /** Full name to value. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly parameterPath: string;
  /** The scaler's own variables. */
  readonly variables: Readonly<Record<string, string>>;
}

export function knobsOf({ parameters, parameterPath, variables }: KnobSources): readonly Knob[] {
  return KNOB_NAMES.map((name) => {
    const { parameter, variable } = KNOB_RULES[name];
    const text = parameters.get(`${parameterPath}${parameter}`)?.trim() ?? CONFIGURED;
    const configured = variables[variable] ?? '';
    const onlyWith = isInForce(name, policyOf(variables)) ? undefined : onlyPolicy(name);
    const knob = { name, parameter, configured, ...(onlyWith && { onlyWith }) };
    if (text === CONFIGURED) return knob;
    const fault = onlyWith ? undefined : faultOf(name, text, variables);
    return { ...knob, override: text, ...(fault && { fault }) };
  });
}

/** What is wrong with the value of a knob, to follow its name. */
function faultOf(
  name: KnobName,
  text: string,
  { SHARD_SAMPLES = '0', JOBS_AT_A_TIME }: KnobSources['variables'],
): string | undefined {
  const value = parseKnob(name, text);
  if (value === undefined) return `must be \`${CONFIGURED}\` or ${allowedValues(name)}`;
  if (name !== 'maxTasks') return undefined;
  const held = { samples: Number(SHARD_SAMPLES), jobsAtATime: Number(JOBS_AT_A_TIME) };
  return maxTasksFault(Number(value), held);
}

/** The policy of a deployed scaler; one of before there were several has the first. */
function policyOf({ SCALING_POLICY: policy }: KnobSources['variables']): ScalingRule {
  return SCALING_RULES.find((one) => one === policy) ?? SCALING_RULES[0];
}

/** The value that holds, from the override or the configuration. */
export const heldBy = ({ override, configured }: Knob) => override ?? configured;

/** A knob before and after it was set; the values are those that hold. */
export interface KnobChange {
  readonly parameter: string;
  readonly before: Knob;
  readonly after: Knob;
}

/** @throws UsageError for a knob or a value that does not exist. */
export function checkKnob(parameter: string, value: string): KnobName {
  const name = KNOB_NAMES.find((one) => KNOB_RULES[one].parameter === parameter);
  if (!name) {
    const meant = nearestWord(parameter, KNOB_PARAMETERS);
    throw new UsageError(
      `${shown(parameter)} is no knob; there are: ${KNOB_PARAMETERS.join(', ')}.` +
        (meant === undefined ? '' : ` Did you mean ${meant}?`),
    );
  }
  if (value !== CONFIGURED && parseKnob(name, value) === undefined)
    throw new UsageError(
      `${parameter} must be \`${CONFIGURED}\` or ${allowedValues(name)}, but ${shown(value)} ` +
        'was given.',
    );
  return name;
}

/**
 * Sets a knob; `configured` lets the configuration hold again. One parameter is written, so
 * that nothing is half done.
 * @throws RefusalError when both weights would be 0, for a knob of another scaling policy, and for
 *   more tasks than may collect samples.
 */
export async function setKnob(target: Target, name: KnobName, value: string): Promise<KnobChange> {
  const { account, chosen } = target;
  const { parameterPath } = chosen;
  const { parameter } = KNOB_RULES[name];
  const [parameters, variables] = await withDeployed(chosen, () =>
    Promise.all([account.parameters.below(parameterPath), account.scaler.variables(chosen.scaler)]),
  );
  const knobs = (values: ReadonlyMap<string, string>) =>
    knobsOf({ parameters: values, parameterPath, variables });
  const written = new Map([...parameters, [`${parameterPath}${parameter}`, value]]);
  const [before, after] = [knobs(parameters), knobs(written)].map((all) =>
    all.find((knob) => knob.name === name),
  );
  if (!before || !after) throw new Error(`the knob ${name} went missing`);
  refuseNoWeight(knobs(written));
  if (value !== CONFIGURED) refuseOtherPolicy(after, policyOf(variables));
  if (after.fault) throw new RefusalError(`${after.parameter} ${after.fault}.`);
  await account.parameters.write(`${parameterPath}${parameter}`, value);
  return { parameter, before, after };
}

function refuseOtherPolicy({ parameter, onlyWith }: Knob, policy: ScalingRule): void {
  if (!onlyWith) return;
  const counting = KNOB_NAMES.find((name) => onlyPolicy(name) === policy);
  const instead = counting ? `set ${KNOB_RULES[counting].parameter}, or ` : '';
  throw new RefusalError(
    `${parameter} counts with the scaling policy ${onlyWith} alone, and this pipeline has ` +
      `${policy}: ${instead}change \`scaling\` in the configuration and deploy.`,
  );
}

function refuseNoWeight(knobs: readonly Knob[]): void {
  const weight = (name: KnobName) => knobs.filter((knob) => knob.name === name).map(heldBy)[0];
  if (weight('onDemandWeight') !== '0' || weight('spotWeight') !== '0') return;
  throw new RefusalError(
    'on-demand-weight and spot-weight must not both be 0, since the scaler would then launch ' +
      'nothing: set the other one to 1 or more first.',
  );
}
