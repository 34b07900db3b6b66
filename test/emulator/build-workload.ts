import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CommandDefinition } from '../../application-code/command/definition';
import { copyCheckout } from '../rehearsal/checkout';

/** Name of the workload. */
export const PROGRAM = 'program';

/** The worker's bundle of a workload. */
export interface WorkloadBundle {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Builds the worker of a program as a user does who adds a folder below `application-code/`, in a
 * copy of this checkout. @param files by their names: scripts that the program needs.
 */
export async function buildCommand(
  definition: CommandDefinition,
  files: Readonly<Record<string, string>> = {},
): Promise<WorkloadBundle> {
  const { path, remove } = await copyCheckout();
  const place = `application-code/${PROGRAM}`;
  const folder = join(path, place);
  await mkdir(folder);
  const all = { ...files, 'recipe.ts': recipeFile(definition), 'workload.ts': WORKLOAD_FILE };
  for (const [file, text] of Object.entries(all)) {
    await writeFile(join(folder, file), text);
    await chmod(join(folder, file), 0o755);
  }
  await promisify(execFile)(process.execPath, ['build.mjs', place], { cwd: path });
  return { path: join(folder, 'dist/main.js'), remove };
}

const recipeFile = (definition: CommandDefinition) => `
import { commandRecipe } from '../command/command-recipe';
export const recipe = commandRecipe(${JSON.stringify(definition)});
`;
const WORKLOAD_FILE = `
import { commandWorkload } from '../command/command-workload';
import { recipe } from './recipe';
export const workload = commandWorkload(recipe);
`;
