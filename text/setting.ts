import * as z from 'zod/mini';
import { nearestWord, shown } from './words';

/** A whole number's bounds, both allowed. */
export interface Range {
  readonly unit: string;
  readonly min: number;
  readonly max: number;
}

/** What a declaration says of a setting, for errors and for the documentation. */
export interface SettingFacts {
  /** Completes "must be …". */
  readonly must?: string;
  readonly range?: Range;
  /** What each value of a list must be. */
  readonly each?: string;
  /** What the setting decides. */
  readonly about?: string;
}

type Schema = z.core.$ZodType;
type Issue = Pick<z.core.$ZodRawIssue, 'input'>;

const FACTS = z.registry<SettingFacts>();

/** Adds facts to a schema. */
export function declared<Of extends Schema>(schema: Of, facts: SettingFacts): Of {
  FACTS.add(schema as Schema, facts);
  return schema;
}

/** The facts of a setting, or of what is declared inside its default and its `null`. */
export function factsOf(schema: Schema): SettingFacts {
  const inner = innerOf(schema);
  const nullable = schema instanceof z.ZodMiniNullable;
  const { must = '', ...facts } = { ...(inner && factsOf(inner)), ...FACTS.get(schema) };
  return { ...facts, must: nullable ? `${must}, or \`null\`` : must };
}

/** The schema inside a default, an optional value or a `null`. */
export function innerOf(schema: Schema): Schema | undefined {
  const { def } = schema._zod as { def: { innerType?: Schema } };
  return def.innerType;
}

/** The default of a setting, or undefined for one that is required. */
export function defaultOf<Of extends Schema>(schema: Of): DefaultOf<Of> {
  const value = schema instanceof z.ZodMiniDefault ? schema._zod.def.defaultValue : undefined;
  return value as DefaultOf<Of>;
}

type DefaultOf<Of extends Schema> = Of extends z.ZodMiniDefault ? z.output<Of> : undefined;

/** Declares a setting that may be left out. */
export function setting<Value extends z.ZodMiniType>(
  value: Value,
  byDefault: z.core.util.NoUndefined<z.output<Value>>,
  about: string,
): z.ZodMiniDefault<Value> {
  return declared(z._default(value, byDefault), { about });
}

/** Declares a setting that must be given. */
export function required<Value extends z.ZodMiniType>(value: Value, about: string): Value {
  return declared(value.clone() as Value, { ...factsOf(value), about });
}

export function wholeNumber(range: Range) {
  const must = `a whole number from ${range.min} to ${range.max} ${range.unit}`;
  const params = { error: mustBe(must), abort: true };
  const number = z.int(params).check(z.minimum(range.min, params), z.maximum(range.max, params));
  return declared(number, { must, range });
}

/** A number with at most three decimals. */
export function decimal(range: Range) {
  const must = `a number from ${range.min} to ${range.max} ${range.unit}, with at most 3 decimals`;
  const params = { error: mustBe(must), abort: true };
  const number = z
    .number(params)
    .check(z.minimum(range.min, params), z.maximum(range.max, params))
    .check(z.refine((value) => /^\d+(\.\d{1,3})?$/.test(String(value)), params));
  return declared(number, { must, range });
}

export function oneOf<const Word extends string | number>(words: readonly Word[]) {
  const error = ({ input }: Issue) => {
    const near = typeof input === 'string' && nearestWord(input, words.map(String));
    const hint = near ? `; did you mean \`${near}\`?` : '';
    return `must be one of ${words.join(', ')}, but ${given(input)} was given${hint}`;
  };
  const must = `one of ${words.map((word) => `\`${word}\``).join(', ')}`;
  return declared(z.literal(words, { error }), { must });
}

export function flag() {
  const must = '`true` or `false`';
  return declared(z.boolean({ error: mustBe('true or false') }), { must });
}

/** A text of which `holds` is true. */
export function text(must: string, holds: (text: string) => boolean) {
  const error = mustBe(must);
  return declared(z.string({ error }).check(z.refine(holds, { error })), { must });
}

export function matching(must: string, pattern: RegExp) {
  return text(must, (given) => pattern.test(given));
}

/** What a list holds, and how many. */
export interface ListBounds {
  /** Such as `subnets`. */
  readonly what: string;
  readonly min?: number;
  readonly max: number;
}

/** A list without anything twice; each wrong value in it is a fault of its own. */
export function list<Item extends z.ZodMiniType>(item: Item, { what, min = 0, max }: ListBounds) {
  const must = `a list of ${min > 0 ? `${min} to` : 'at most'} ${max} ${what}`;
  const length = (items: readonly unknown[]) => items.length >= min && items.length <= max;
  const items = z.array(item, { error: mustBe(must) }).check(
    z.refine(length, {
      error: ({ input }) => `must be ${must}, but ${(input as unknown[]).length} were given`,
    }),
    z.refine((items: readonly unknown[]) => new Set(items).size === items.length, {
      error: ({ input }) => `must name nothing twice, but ${given(input)} was given`,
    }),
  );
  return declared(items, { must, each: factsOf(item).must ?? '' });
}

/** Says of a wrong value what it must be. */
function mustBe(must: string): (issue: Issue) => string {
  return ({ input }) => `must be ${must}, but ${given(input)} was given`;
}

/** A wrong value as a sentence shows it. */
export function given(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'number' ? String(value) : shown(value);
}
