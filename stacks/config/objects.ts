import * as z from 'zod/mini';
import { declared, given } from '../../text/setting';

/**
 * An object that has settings. An unknown one is a fault, whose message names those that there are.
 */
export function settings<Shape extends z.core.$ZodShape>(shape: Shape) {
  const object = z.strictObject(shape, {
    error: ({ code, input }) =>
      code === 'unrecognized_keys'
        ? Object.keys(shape).join(', ')
        : `must be an object of settings, but ${given(input)} was given`,
  });
  return declared(object, { must: 'settings (see below)' });
}

/** Settings that may be left out together: each then has its default. */
export function group<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.prefault(settings(shape), {} as never);
}

/** Settings by a name that the user chooses, at least one. */
export function named<Item extends z.ZodMiniType>(item: Item, example: string) {
  const error = ({ input }: { readonly input?: unknown }) =>
    `must be an object with at least one entry such as ${example}, but ${given(input)} was given`;
  const record = z
    .record(z.string(), item, { error })
    .check(z.refine((entries) => Object.keys(entries).length > 0, { error }));
  return declared(record, { must: 'settings by name (see below)' });
}
