import * as z from 'zod/mini';
import { DEFAULT_WORKLOAD, workloadNames } from '../../application-code/workloads';
import { nearestWord } from '../../text/words';
import type { Environment, EnvironmentSettings } from './blueprint-config';
import { otherKind } from './destination-settings';
import { otherPolicy } from './scaling-settings';
import {
  BLUEPRINT_SCHEMA,
  ENVIRONMENT,
  GROUPS,
  loadFault,
  pipelineSettings,
  RECIPE,
  workloadSettings,
} from './schema';

/** What is wrong with one value, and where: keys and indexes from the blueprint on. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly sentence: string;
  /** Whether it is a setting that does not exist. */
  readonly isUnknown?: boolean;
}

/** A blueprint of which each value has been looked at by itself. */
export interface BlueprintReading {
  readonly faults: readonly Fault[];
  /** With every default filled in, and with the default of what is wrong. */
  readonly environments: readonly Environment[];
}

/** Looks at each value of a blueprint by itself. */
export function readBlueprint(blueprint: unknown): BlueprintReading {
  const read = z.safeParse(BLUEPRINT_SCHEMA, blueprint);
  if (read.success) return { faults: [], environments: environmentsOf(read.data) };
  const faults = read.error.issues.flatMap(faultsOf);
  const isWhole = faults.some(({ path }) => ['', 'environments'].includes(path.join('.')));
  const rest = isWhole ? undefined : readBlueprint(without(blueprint, faults));
  return { faults, environments: rest?.environments ?? [] };
}

function environmentsOf({ name, environments }: z.output<typeof BLUEPRINT_SCHEMA>) {
  return Object.entries(environments).map(([key, settings]) => ({
    ...(settings as EnvironmentSettings),
    blueprint: name,
    name: key,
  }));
}

/**
 * The same without what is wrong. Of a list with a wrong value, and of settings without one that is
 * required, nothing is left.
 */
function without(value: unknown, faults: readonly Fault[], depth = 0): unknown {
  if (faults.length === 0) return value;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const isHere = faults.some(({ path }) => path.length === depth);
  if (!isObject || isHere || faults.some(({ path }) => isMissing(value, path.slice(depth))))
    return undefined;
  const unknown = faults.filter(({ path, isUnknown }) => isUnknown && path.length === depth + 1);
  const kept = Object.entries(value).filter(([key]) =>
    unknown.every(({ path }) => path[depth] !== key),
  );
  return Object.fromEntries(
    kept.map(([key, inner]) => [
      key,
      without(
        inner,
        faults.filter(({ path }) => path[depth] === key),
        depth + 1,
      ),
    ]),
  );
}

function isMissing(settings: object, [name, ...rest]: Fault['path']): boolean {
  return rest.length === 0 && (settings as Record<PropertyKey, unknown>)[name ?? ''] === undefined;
}

function faultsOf({ path, message, ...issue }: z.core.$ZodIssue): readonly Fault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownSetting(path, key, message));
  const place = shownPath(path);
  const isRecipe = message.startsWith(RECIPE);
  return [{ path, sentence: isRecipe ? message.replaceAll(RECIPE, place) : `${place} ${message}` }];
}

/** @param known settings of this place, separated by commas. */
function unknownSetting(path: readonly PropertyKey[], key: string, known: string): Fault {
  const near = nearestWord(key, known.split(', '));
  const hint =
    otherOwner(path, key) ??
    (near ? `did you mean \`${near}\`?` : elsewhere(path, key)) ??
    `its settings are ${known}`;
  const sentence = `\`${key}\` is not a setting of ${shownPath(path)}; ${hint}`;
  return { path: [...path, key], sentence, isUnknown: true };
}

/** Says of a setting with exactly this name which policy, kind or workload it belongs to. */
function otherOwner(path: readonly PropertyKey[], key: string): string | undefined {
  if (path[2] !== 'pipelines') return undefined;
  const policy = path[4] === 'scaling' && otherPolicy(key);
  if (policy) return `\`${key}\` belongs to the policy ${policy}`;
  const kind = path[4] === 'destination' && path.length === 5 && otherKind(key);
  if (kind) return `\`${key}\` belongs to the kind ${kind}`;
  const readable = workloadNames().filter((name) => loadFault(name) === undefined);
  const owner = readable.find((name) => Object.hasOwn(workloadSettings(name), key));
  return owner && `\`${key}\` belongs to the workload ${owner}`;
}

/**
 * Says where in the same environment a setting of nearly this name belongs: it is often put one
 * level too high or too low.
 */
function elsewhere(path: readonly PropertyKey[], key: string): string | undefined {
  if (path[0] !== 'environments' || path.length < 2) return undefined;
  const places: readonly (readonly [string, object])[] = [
    ['.pipelines.photos', pipelineSettings(DEFAULT_WORKLOAD)],
    ...Object.entries(GROUPS).map(
      ([name, { _zod }]) => [`.${name}`, _zod.def.innerType.shape] as const,
    ),
    ['', ENVIRONMENT],
  ];
  const environment = shownPath(path.slice(0, 2));
  for (const [place, settings] of places) {
    const meant = nearestWord(key, Object.keys(settings));
    if (meant) return `\`${meant}\` belongs to ${environment}${place}`;
  }
  return undefined;
}

/** `environments.dev.pipelines.photos.suffixes[0]`. */
function shownPath(path: readonly PropertyKey[]): string {
  const parts = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return parts.join('').replace(/^\./, '') || 'the blueprint';
}
