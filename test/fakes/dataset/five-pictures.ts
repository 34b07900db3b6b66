import { DatasetUnderTest, type ReadSource } from './dataset-under-test';
import { SeenDataset } from './seen';

/** Pictures of a class each, which is their folder. */
export const pictures = (...keys: readonly string[]): ReadSource[] =>
  keys.map((key) => ({ key, body: `picture of ${key}`, label: key.split('/')[0] ?? '' }));

/** A dataset with these parts, and what can be seen of it. */
export function begin(...parts: readonly (readonly ReadSource[])[]) {
  const world = new DatasetUnderTest();
  for (const part of parts) world.addPart(part);
  return { world, seen: new SeenDataset(world) };
}

/** Two parts, of four pictures and of one. */
export const FIVE = [pictures('cat/1', 'dog/1', 'cat/2', 'dog/2'), pictures('dog/3')] as const;
