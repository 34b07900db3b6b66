import { CONFIGURED } from '../../contract/parameters';
import {
  allowedValues,
  KNOB_NAMES,
  KNOB_RULES,
  type KnobName,
  parseKnob,
} from '../../lambda/scaler/knobs';

/** One runtime knob as it stands. */
export interface Knob {
  readonly name: KnobName;
  /** Name of its parameter below the pipeline's path. */
  readonly parameter: string;
  /** What the configuration says, as it was deployed last. */
  readonly configured: string;
  /** What an operator has set instead; absent: the configuration holds. */
  readonly override?: string;
  /** What is wrong with the override; the scaler launches nothing until it is fixed. */
  readonly fault?: string;
}

export interface KnobSources {
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
    if (text === CONFIGURED) return { name, parameter, configured };
    const isWrong = parseKnob(name, text) === undefined;
    return {
      name,
      parameter,
      configured,
      override: text,
      ...(isWrong && { fault: `must be \`${CONFIGURED}\` or ${allowedValues(name)}` }),
    };
  });
}

/** The value that holds, from the override or the configuration. */
export const heldBy = ({ override, configured }: Knob) => override ?? configured;
