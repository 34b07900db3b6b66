import type { TaskDefinition } from '../ports';

/**
 * Whether two definitions make the same tasks. ECS keeps what it is given, but promises no order of
 * named things. For a missing field it returns an empty list, or nothing.
 */
export function makeSameTasks(one: TaskDefinition, other: TaskDefinition): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(normalised(value));
}

/**
 * Lists of objects are sets, such as variables and mount points; lists of words, such as a command,
 * have an order.
 */
function normalised(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(normalised);
    return items.some(isObject)
      ? items.sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1))
      : items;
  }
  if (!isObject(value)) return value;
  const fields = Object.entries(value)
    .map(([name, field]) => [name, normalised(field)] as const)
    .filter(([, field]) => !isEmpty(field));
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isEmpty(value: unknown): boolean {
  return value == null || (isObject(value) && Object.keys(value).length === 0);
}
