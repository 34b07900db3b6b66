import { z } from 'zod';
import { nearestWord } from '../../text/nearest-word';
import { BLUEPRINT_SCHEMA } from './schema';
import { RECIPE } from './values';

/** What is wrong with one value, and where: keys and indexes from the blueprint on. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly sentence: string;
}

/** Everything in a blueprint that is wrong by itself. */
export function valueFaults(blueprint: unknown): readonly Fault[] {
  return (BLUEPRINT_SCHEMA.safeParse(blueprint).error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownSetting(issue.path, key))
      : [{ path: issue.path, sentence: sentence(issue.path, issue.message) }],
  );
}

function sentence(path: readonly PropertyKey[], message: string): string {
  const place = shownPath(path);
  return message.startsWith(RECIPE) ? message.replaceAll(RECIPE, place) : `${place} ${message}`;
}

function unknownSetting(path: readonly PropertyKey[], key: string): Fault {
  const known = settingsAt(BLUEPRINT_SCHEMA, path);
  const near = nearestWord(key, known);
  const hint = near
    ? `did you mean \`${near}\`?`
    : (elsewhere(path, key) ?? `its settings are ${known.join(', ')}`);
  return {
    path: [...path, key],
    sentence: `\`${key}\` is not a setting of ${shownPath(path)}; ${hint}`,
  };
}

/**
 * Groups of an environment, a pipeline among them: a setting is often put one level too high or too
 * low.
 */
const GROUPS = [
  ['pipelines', 'photos'],
  ['network'],
  ['cluster'],
  ['buckets'],
  ['alarms'],
  ['scaler'],
  ['delivery'],
  [],
] as const;

/** Says where in the same environment a setting of nearly this name belongs. */
function elsewhere(path: readonly PropertyKey[], key: string): string | undefined {
  if (path[0] !== 'environments' || path.length < 2) return undefined;
  const environment = path.slice(0, 2);
  for (const group of GROUPS) {
    const place = [...environment, ...group];
    const meant = nearestWord(key, settingsAt(BLUEPRINT_SCHEMA, place));
    if (meant) return `\`${meant}\` belongs to ${shownPath(place)}`;
  }
  return undefined;
}

/** Names of the settings that the schema has at a path. */
function settingsAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return settingsAt(schema.unwrap(), path);
  }
  const [key, ...rest] = path;
  if (schema instanceof z.ZodRecord && key !== undefined) return settingsAt(schema.valueType, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  return key === undefined
    ? Object.keys(schema.shape)
    : settingsAt(schema.shape[String(key)], rest);
}

/** `environments.dev.pipelines.photos.suffixes[0]`. */
function shownPath(path: readonly PropertyKey[]): string {
  const parts = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return parts.join('').replace(/^\./, '') || 'the blueprint';
}
