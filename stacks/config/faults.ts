import type { BlueprintInput, Environment } from './blueprint-config';
import { filterFault, LOOP_RULES, PAIR_RULES, type PairRule } from './bucket-rules';
import { DELIVERY_RULES } from './delivery-rules';
import { reservedPrefix } from './reserved-names';
import {
  ENVIRONMENT_RULES,
  isName,
  nameFault,
  PIPELINE_RULES,
  type PipelineSubject,
} from './rules';
import { withDefaults } from './settings';
import { type Fault, valueFaults } from './value-faults';

/** Whether a setting, something in it or something around it is wrong by itself. */
type IsWrong = (path: string) => boolean;

/** One sentence for everything that is wrong in a blueprint; none when it can be deployed. */
export function blueprintFaults(blueprint: BlueprintInput): readonly string[] {
  const wrong = valueFaults(blueprint);
  const isWrong: IsWrong = (path) => wrong.some((fault) => touches(fault, path.split('.')));
  const sentences = wrong.map(({ sentence }) => sentence);
  if (
    wrong.some(({ path }) => path.length === 0 || (path.length === 1 && path[0] === 'environments'))
  ) {
    return sentences;
  }
  return [...sentences, ...ruleFaults(withDefaults(blueprint), isWrong)];
}

function ruleFaults(environments: readonly Environment[], isWrong: IsWrong): readonly string[] {
  const blueprint = environments[0]?.blueprint ?? '';
  const because = isName(blueprint, 12) && reservedPrefix(`${blueprint}-`);
  return [
    !isWrong('name') && !isName(blueprint, 12) && nameFault('the blueprint', blueprint, 12),
    !!because &&
      `the blueprint must have another name, since ${because}, but ${JSON.stringify(blueprint)} was given`,
    ...environments.flatMap((environment) => environmentFaults(environment, isWrong)),
    ...environments.flatMap(({ name }) =>
      environments.map((other) => sharedStart(name, other.name)),
    ),
  ].filter((sentence) => sentence !== false);
}

function environmentFaults(
  environment: Environment,
  isWrong: IsWrong,
): readonly (string | false)[] {
  const at = `environments.${environment.name}`;
  const subjects = Object.entries(environment.pipelines).map(([pipeline, settings]) => ({
    ...settings,
    environment,
    pipeline,
  }));
  const areWrong = (place: string, about: readonly string[]) =>
    about.some((setting) => isWrong(`${place}.${setting}`));
  const place = ({ pipeline }: PipelineSubject) => `${at}.pipelines.${pipeline}`;
  const pair = (rule: PairRule, one: PipelineSubject, other: PipelineSubject) =>
    !areWrong(place(one), rule.about) &&
    !areWrong(place(other), rule.about) &&
    rule.fault(one, other, place(one), place(other));
  return [
    ...[...ENVIRONMENT_RULES, ...DELIVERY_RULES].map(
      (rule) => !areWrong(at, rule.about) && rule.fault(environment, at),
    ),
    ...subjects.flatMap((subject) =>
      PIPELINE_RULES.map(
        (rule) => !areWrong(place(subject), rule.about) && rule.fault(subject, place(subject)),
      ),
    ),
    ...PAIR_RULES.flatMap((rule) =>
      subjects.flatMap((one, index) =>
        subjects.slice(rule.withItself ? index : index + 1).map((other) => pair(rule, one, other)),
      ),
    ),
    ...LOOP_RULES.flatMap((rule) =>
      subjects.flatMap((one) => subjects.map((other) => pair(rule, one, other))),
    ),
    !isWrong(`${at}.pipelines`) && filterFault(subjects, at),
  ];
}

/**
 * `cdktf deploy 'dev-*'` and the permissions for `spillway-dev-*` would also mean an environment
 * `dev-2`.
 */
function sharedStart(name: string, other: string): string | false {
  return (
    other.startsWith(`${name}-`) &&
    `environments.${other} must not begin with the name of environment ${name} and a hyphen, since \`cdktf deploy '${name}-*'\` would deploy both; rename one of them`
  );
}

function touches({ path }: Fault, setting: readonly string[]): boolean {
  const shorter = Math.min(path.length, setting.length);
  return setting.slice(0, shorter).every((part, index) => part === String(path[index]));
}
