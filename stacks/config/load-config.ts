import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type BlueprintInput, ConfigError, type Environment } from './blueprint-config';
import { ruleFaults } from './faults';
import { readBlueprint } from './value-faults';

const DEFAULT_FILE = join(__dirname, '../../blueprint.config.ts');

/**
 * The environments of `blueprint.config.ts`, or of the file that `BLUEPRINT_CONFIG` names, from the
 * working directory on.
 * @throws ConfigError with every fault at once.
 */
export function loadBlueprint(
  file = process.env.BLUEPRINT_CONFIG || DEFAULT_FILE,
): readonly Environment[] {
  const path = resolve(file);
  const shown = relative('', path).startsWith('..') ? path : relative('', path);
  if (!existsSync(path)) {
    throw new ConfigError([
      `the configuration ${shown} does not exist; BLUEPRINT_CONFIG names another file`,
    ]);
  }
  const { blueprint } = contentOf(path, shown);
  if (blueprint === undefined) {
    throw new ConfigError([
      `${shown} must export \`blueprint\`, such as \`export const blueprint = ` +
        `defineBlueprint({ environments: { dev: {} } });\``,
    ]);
  }
  return resolveBlueprint(blueprint);
}

/**
 * The environments of a blueprint, checked and with every default filled in.
 * @throws ConfigError with every fault at once.
 */
export function resolveBlueprint(input: BlueprintInput): readonly Environment[] {
  const { faults, environments } = readBlueprint(input);
  const sentences = [
    ...faults.map(({ sentence }) => sentence),
    ...ruleFaults(environments, faults),
  ];
  if (sentences.length > 0) throw new ConfigError(sentences);
  return environments;
}

function contentOf(path: string, shown: string): { readonly blueprint?: BlueprintInput } {
  try {
    // It may be any file, and import others. tsx takes a while to load, and chooses then whether it
    // leaves a cache in the temporary folder.
    process.env.TSX_DISABLE_CACHE = '1';
    const { register } = require('tsx/cjs/api') as typeof import('tsx/cjs/api');
    const unregister = register();
    try {
      return Object(require(path));
    } finally {
      unregister();
    }
  } catch (error) {
    // The first line says what and where; the rest is a picture of it and the loader's own stack.
    const lines = (error instanceof Error ? error.message : String(error)).split('\n');
    const why = lines.find((line) => line.includes('ERROR:')) ?? lines[0] ?? '';
    throw new ConfigError([`${shown} could not be read: ${why.trim()}`]);
  }
}
