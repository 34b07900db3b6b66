import * as z from 'zod/mini';
import { defaultOf, innerOf } from './setting';

/** A setting that reaches a process by an environment variable. */
export interface Variable {
  readonly variable: string;
  readonly schema: z.ZodMiniType;
}

export type Variables = Readonly<Record<string, Variable>>;

/** Names of the environment variables of some settings. */
export type VariableOf<Declared extends Variables> = Declared[keyof Declared]['variable'];

/** What the settings are once they have been read. */
export type ValuesOf<Declared extends Variables> = {
  readonly [Name in keyof Declared]: z.output<Declared[Name]['schema']>;
};

/**
 * The schemas of those that have a default: what a configuration may say. The others are given by
 * whatever starts the process.
 */
export type SettingsOf<Declared extends Variables> = {
  readonly [Name in keyof Declared as Declared[Name]['schema'] extends z.ZodMiniDefault
    ? Name
    : never]: Declared[Name]['schema'];
};

export function settingsOf<Declared extends Variables>(declared: Declared): SettingsOf<Declared> {
  const entries = Object.entries(declared).map(([name, { schema }]) => [name, schema] as const);
  return Object.fromEntries(
    entries.filter(([, schema]) => defaultOf(schema) !== undefined),
  ) as SettingsOf<Declared>;
}

/** The same variables, none of which may be missing. */
export function withoutDefaults<Declared extends Variables>(declared: Declared): Declared {
  const entries = Object.entries(declared).map(([name, { variable, schema }]) => [
    name,
    { variable, schema: defaultOf(schema) === undefined ? schema : innerOf(schema) },
  ]);
  return Object.fromEntries(entries);
}

/** What was read: the values of settings that are right, and a sentence for each that is wrong. */
export interface Reading<Declared extends Variables> {
  readonly values: ValuesOf<Declared>;
  readonly faults: ReadonlyMap<keyof Declared, string>;
}

/**
 * Reads settings from environment variables. An empty variable counts as unset where the setting
 * cannot be empty.
 */
export function readVariables<Declared extends Variables>(
  declared: Declared,
  variables: Readonly<Partial<Record<VariableOf<Declared>, string | undefined>>>,
): Reading<Declared> {
  const values: [string, unknown][] = [];
  const faults = new Map<keyof Declared, string>();
  for (const [name, { variable, schema }] of Object.entries(declared)) {
    const read = readText(schema, variables[variable as VariableOf<Declared>]);
    if (read.success) values.push([name, read.data]);
    else faults.set(name, sentence(variable, read.error));
  }
  return { values: Object.fromEntries(values) as ValuesOf<Declared>, faults };
}

/** The first fault; of a wrong value in a list it says which. */
function sentence(variable: string, { issues: [issue] }: z.core.$ZodError): string {
  const place = issue?.path.map((index) => `[${String(index)}]`).join('');
  return `${variable}${place} ${issue?.message}`;
}

/** The environment variables that hold these settings, as {@link readVariables} reads them. */
export function variablesOf<Declared extends Variables>(
  declared: Declared,
  values: ValuesOf<Declared>,
): Readonly<Record<VariableOf<Declared>, string>> {
  const entries = Object.entries(declared).map(([name, { variable }]) => {
    const value: unknown = values[name];
    return [variable, Array.isArray(value) ? value.join(',') : String(value ?? '')];
  });
  return Object.fromEntries(entries);
}

/** Reads one setting from a text. */
export function readText<Of extends z.ZodMiniType>(schema: Of, text: string | undefined) {
  return z.safeParse(schema, parsed(schema, text));
}

/** A text that is no number or flag stays as it is: the schema then says what it must be. */
function parsed(schema: z.core.$ZodType, text: string | undefined): unknown {
  if (text === undefined || (text === '' && !z.safeParse(schema, '').success)) return undefined;
  switch (typeOf(schema)) {
    case 'number':
      return /^-?\d{1,15}(\.\d{1,6})?$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' || (text === 'false' ? false : text);
    case 'array':
      return text.split(',');
    default:
      return text;
  }
}

function typeOf(schema: z.core.$ZodType): string {
  const inner = innerOf(schema);
  return inner ? typeOf(inner) : schema._zod.def.type;
}
