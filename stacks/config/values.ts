import { z } from 'zod';
import { parseRecipe } from '../../application-code/images/recipe';
import { RecipeError } from '../../application-code/worker/src/workload/recipe';
import { nearestWord, shown } from '../../text/nearest-word';
import type { Range } from '../../text/setting';

/** A value that must be `must`; a wrong one is one fault, whatever is wrong with it. */
export function value(must: string, holds: (given: unknown) => boolean) {
  return z.custom(holds, {
    error: ({ input }) => `must be ${must}, but ${given(input)} was given`,
  });
}

export function wholeNumber({ unit, min, max }: Range) {
  return value(
    `a whole number from ${min} to ${max} ${unit}`,
    (number) => Number.isInteger(number) && Number(number) >= min && Number(number) <= max,
  );
}

export function oneOf(words: readonly (string | number)[]) {
  return z.custom((word) => words.includes(word as string), {
    error: ({ input }) => {
      const near = typeof input === 'string' && nearestWord(input, words.map(String));
      const hint = near ? `; did you mean \`${near}\`?` : '';
      return `must be one of ${words.join(', ')}, but ${given(input)} was given${hint}`;
    },
  });
}

/** A text of which `holds` is true. */
export function text(must: string, holds: (text: string) => boolean) {
  return value(must, (given) => typeof given === 'string' && holds(given));
}

export const flag = value('true or false', (given) => typeof given === 'boolean');

/**
 * A list, without anything twice, of `min` to `max` values; each wrong value is a fault of its own.
 */
export function list(item: z.ZodType, what: string, max: number, min = 0) {
  const must = `a list of ${min > 0 ? `${min} to` : 'at most'} ${max} ${what}`;
  return z
    .array(item, { error: ({ input }) => `must be ${must}, but ${given(input)} was given` })
    .refine(({ length }) => length >= min && length <= max, {
      error: ({ input }) => `must be ${must}, but ${(input as unknown[]).length} were given`,
    })
    .refine((items) => new Set(items).size === items.length, {
      error: ({ input }) => `must name nothing twice, but ${given(input)} was given`,
    });
}

/** An object that has settings; an unknown one is a fault. */
export function settings<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: ({ code, input }) =>
      code === 'invalid_type'
        ? `must be an object of settings, but ${given(input)} was given`
        : undefined,
  });
}

/** Settings by a name that the user gives, at least one. */
export function named(item: z.ZodType, example: string) {
  const fault = ({ input }: { readonly input?: unknown }) =>
    `must be an object with at least one entry such as ${example}, but ${given(input)} was given`;
  return z
    .record(z.string(), item, { error: fault })
    .refine((entries) => Object.keys(entries).length > 0, { error: fault });
}

/** The worker judges it, in sentences that begin with {@link RECIPE}. */
export const recipe = z.unknown().superRefine((value, context) => {
  try {
    parseRecipe(JSON.stringify(value) ?? 'null');
  } catch (error) {
    if (!(error instanceof RecipeError)) throw error;
    for (const message of error.faults) context.addIssue({ code: 'custom', message });
  }
});

/** How the worker calls a recipe in its sentences. */
export const RECIPE = 'RECIPE';

/** A wrong value as a sentence shows it. */
export function given(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'number' ? String(value) : shown(value);
}
