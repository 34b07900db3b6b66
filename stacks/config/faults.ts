import type { Environment } from './blueprint-config';
import { filterFault, LOOP_RULES, PAIR_RULES, type PairRule } from './rules/bucket-rules';
import { DELIVERY_RULES } from './rules/delivery-rules';
import { DESTINATION_RULES } from './rules/destination-rules';
import { LAUNCH_RULES } from './rules/launch-rules';
import { isName, nameFault, reservedPrefix } from './rules/names';
import { ENVIRONMENT_RULES, PIPELINE_RULES, type PipelineSubject } from './rules/rules';
import { WAKE_RULES } from './rules/wake-rules';
import { WORKLOAD_RULES } from './rules/workload-rules';
import type { Fault } from './value-faults';

/** One rule for one subject, or for a pair of them. */
interface Check {
  /** Full paths of the settings that it reads. */
  readonly about: readonly string[];
  readonly fault: () => string | false;
}

/**
 * One sentence for each rule that the settings break together. A rule is skipped while a setting
 * that it reads, something in it or something around it is wrong by itself.
 */
export function ruleFaults(
  environments: readonly Environment[],
  wrong: readonly Fault[],
): readonly string[] {
  const isWrong = (setting: string) => wrong.some((fault) => touches(fault, setting.split('.')));
  const checks = [
    ...blueprintChecks(environments),
    ...environments.flatMap(environmentChecks),
    ...environments.flatMap((one) =>
      environments.map((other) => sharedStart(one.name, other.name)),
    ),
  ];
  return checks
    .filter(({ about }) => !about.some(isWrong))
    .map(({ fault }) => fault())
    .filter((sentence) => sentence !== false);
}

function blueprintChecks([first]: readonly Environment[]): readonly Check[] {
  if (!first) return [];
  const { blueprint: name } = first;
  const because = isName(name, 12) && reservedPrefix(`${name}-`);
  return [
    { about: ['name'], fault: () => !isName(name, 12) && nameFault('the blueprint', name, 12) },
    {
      about: [],
      fault: () =>
        !!because &&
        `the blueprint must have another name, since ${because}, but ${JSON.stringify(name)} was ` +
          'given',
    },
  ];
}

function environmentChecks(environment: Environment): readonly Check[] {
  const at = `environments.${environment.name}`;
  const subjects = Object.entries(environment.pipelines).map(([pipeline, settings]) => ({
    ...settings,
    parent: environment,
    pipeline,
  }));
  return [
    ...[...ENVIRONMENT_RULES, ...DELIVERY_RULES].map((rule) => ({
      about: below(at, rule.about),
      fault: () => rule.fault(environment, at),
    })),
    ...subjects.flatMap(pipelineChecks),
    ...PAIR_RULES.flatMap((rule) => eachPair(rule, subjects)),
    ...LOOP_RULES.flatMap((rule) => eachWithEach(rule, subjects)),
    { about: below(at, ['pipelines']), fault: () => filterFault(subjects, at) },
  ];
}

const PIPELINE_CHECKS = [
  ...PIPELINE_RULES,
  ...DESTINATION_RULES,
  ...LAUNCH_RULES,
  ...WAKE_RULES,
  ...WORKLOAD_RULES,
];

function pipelineChecks(subject: PipelineSubject): readonly Check[] {
  const at = placeOf(subject);
  return PIPELINE_CHECKS.map((rule) => ({
    about: below(at, rule.about),
    fault: () => rule.fault(subject, at),
  }));
}

/** Each two pipelines once. */
function eachPair(rule: PairRule, subjects: readonly PipelineSubject[]): readonly Check[] {
  return subjects.flatMap((one, index) =>
    subjects.slice(rule.withItself ? index : index + 1).map((other) => pairCheck(rule, one, other)),
  );
}

/** Each pipeline with each, itself too, both ways round. */
function eachWithEach(rule: PairRule, subjects: readonly PipelineSubject[]): readonly Check[] {
  return subjects.flatMap((one) => subjects.map((other) => pairCheck(rule, one, other)));
}

function pairCheck(rule: PairRule, one: PipelineSubject, other: PipelineSubject): Check {
  const [at, otherAt] = [placeOf(one), placeOf(other)];
  return {
    about: [...below(at, rule.about), ...below(otherAt, rule.about)],
    fault: () => rule.fault(one, other, at, otherAt),
  };
}

/**
 * `cdktf deploy 'dev-*'` and the permissions for `spillway-dev-*` would also mean an environment
 * `dev-2`.
 */
function sharedStart(name: string, other: string): Check {
  return {
    about: [],
    fault: () =>
      other.startsWith(`${name}-`) &&
      `environments.${other} must not begin with the name of environment ${name} and a hyphen, ` +
        `since \`cdktf deploy '${name}-*'\` would deploy both; rename one of them`,
  };
}

const placeOf = ({ parent, pipeline }: PipelineSubject) =>
  `environments.${parent.name}.pipelines.${pipeline}`;

const below = (place: string, settings: readonly string[]) =>
  settings.map((setting) => `${place}.${setting}`);

function touches({ path }: Fault, setting: readonly string[]): boolean {
  const shorter = Math.min(path.length, setting.length);
  return setting.slice(0, shorter).every((part, index) => part === String(path[index]));
}
