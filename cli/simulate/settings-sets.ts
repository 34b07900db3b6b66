import type { Environment, PipelineSettings } from '../../stacks/config/blueprint-config';
import { resolveBlueprint } from '../../stacks/config/load-config';
import { UsageError } from '../terminal/failures';

/** Settings that are tried instead of the configured ones, by their paths. */
export type SettingsSet = Readonly<Record<string, string>>;

/** What a policy is compared with when its own number is not said. */
const POLICIES: Readonly<Record<string, SettingsSet>> = {
  configured: {},
  'jobs-per-task': { 'scaling.policy': 'jobs-per-task' },
  steps: { 'scaling.steps': '1:1,500:10' },
  'drain-within': { 'scaling.minutes': '15' },
  'per-object': { launch: 'per-object' },
};

/** Policies to which a setting of `scaling` belongs, so that it need not be said beside it. */
const POLICY_OF: Readonly<Record<string, string>> = {
  jobsPerTask: 'jobs-per-task',
  steps: 'steps',
  minutes: 'drain-within',
  jobSeconds: 'drain-within',
};

/**
 * Reads `NAME=VALUE`.
 * @throws UsageError
 */
export function readSettings(words: readonly string[], option: string): SettingsSet {
  const pairs = words.map((word) => {
    const [, path, value] = /^([A-Za-z][\w.]*)=(.+)$/s.exec(word) ?? [];
    if (path !== undefined && value !== undefined) return [path, value] as const;
    throw new UsageError(
      `${option} takes a setting and its value, such as maxTasks=50 or scaling.minutes=10, but ` +
        `${word || 'nothing'} was given.`,
    );
  });
  return Object.fromEntries(pairs);
}

/**
 * One of the things to compare: a policy, or settings joined by `+`.
 * @throws UsageError
 */
export function readComparison(text: string): SettingsSet {
  return POLICIES[text] ?? comparedSettings(text);
}

function comparedSettings(text: string): SettingsSet {
  if (text.includes('=')) return readSettings(text.split('+'), '--compare');
  throw new UsageError(
    `--compare takes ${Object.keys(POLICIES).join(', ')}, or settings such as maxTasks=50, ` +
      `several of them joined by +, but ${text || 'nothing'} was given.`,
  );
}

/**
 * The settings of a pipeline with some of them changed, checked as the configuration is.
 * @throws ConfigError with the sentences of the configuration.
 */
export function withSettings(
  environment: Environment,
  pipeline: string,
  set: SettingsSet,
): PipelineSettings {
  const configured = environment.pipelines[pipeline];
  if (!configured) throw new Error(`the pipeline ${pipeline} went missing`);
  if (Object.keys(set).length === 0) return configured;
  const changes = policyFirst(set);
  const changed = Object.entries(changes).reduce(
    (settings, [path, text]) => changedAt(settings, path.split('.'), settingOf(path, text)),
    'scaling.policy' in changes ? withoutJobsPerTask(configured) : configured,
  );
  const { name, blueprint: _, ...rest } = environment;
  const input = { environments: { [name]: { ...rest, pipelines: { [pipeline]: changed } } } };
  const [resolved] = resolveBlueprint(input as Parameters<typeof resolveBlueprint>[0]);
  return resolved?.pipelines[pipeline] ?? configured;
}

/** The number at the top belongs to one policy alone. */
function withoutJobsPerTask({ jobsPerTask, ...settings }: PipelineSettings): object {
  const { policy } = settings.scaling;
  return policy === 'jobs-per-task' ? { ...settings, scaling: { policy, jobsPerTask } } : settings;
}

/** A setting of a policy chooses it. */
function policyFirst(set: SettingsSet): SettingsSet {
  const of = Object.keys(set).flatMap(
    (path) => POLICY_OF[/^scaling\.(\w+)$/.exec(path)?.[1] ?? ''] ?? [],
  );
  const policy = set['scaling.policy'] ?? of[0];
  return policy === undefined ? set : { 'scaling.policy': policy, ...set };
}

function settingOf(path: string, text: string): unknown {
  const isSteps = path === 'scaling.steps' && /^(\d+:\d+)(,\d+:\d+)*$/.test(text);
  return isSteps ? text.split(',').map(stepOf) : parsed(text);
}

function stepOf(text: string) {
  const [from, tasks] = text.split(':').map(Number);
  return { from, tasks };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Another policy drops the settings of the one before. */
function changedAt(
  settings: object,
  [first = '', ...rest]: readonly string[],
  value: unknown,
): object {
  const before: unknown = Object(settings)[first];
  if (first === 'policy' && before !== value) return { policy: value };
  if (rest.length === 0) return { ...settings, [first]: value };
  return { ...settings, [first]: changedAt(Object(before), rest, value) };
}
