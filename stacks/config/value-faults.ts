import { z } from 'zod';
import { nearestWord } from '../../application-code/worker/src/image/nearest-word';
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
  const hint = near ? `did you mean \`${near}\`?` : `its settings are ${known.join(', ')}`;
  return {
    path: [...path, key],
    sentence: `\`${key}\` is not a setting of ${shownPath(path)}; ${hint}`,
  };
}

/** Names of the settings that the schema has at a path. */
function settingsAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return settingsAt(schema.unwrap(), path);
  }
  const [key, ...rest] = path;
  if (schema instanceof z.ZodRecord && key !== undefined) return settingsAt(schema.valueType, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  return key === undefined ? Object.keys(schema.shape) : settingsAt(schema.shape[String(key)], rest);
}

/** `environments.dev.pipelines.photos.suffixes[0]`. */
function shownPath(path: readonly PropertyKey[]): string {
  const parts = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return parts.join('').replace(/^\./, '') || 'the blueprint';
}
