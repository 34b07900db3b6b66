import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BlueprintInput, Environment } from './blueprint-config';
import { ConfigError } from './config-error';
import { withDefaults } from './settings';

const DEFAULT_FILE = join(__dirname, '../../blueprint.config.ts');

/**
 * The environments of `blueprint.config.ts`, or of the file that `BLUEPRINT_CONFIG` names.
 * @throws ConfigError with every fault at once.
 */
export function loadBlueprint(
  file = process.env.BLUEPRINT_CONFIG ? resolve(process.env.BLUEPRINT_CONFIG) : DEFAULT_FILE,
): readonly Environment[] {
  if (!existsSync(file)) throw new ConfigError([`the configuration ${file} does not exist`]);
  const { blueprint } = require(file) as { blueprint: BlueprintInput };
  return resolveBlueprint(blueprint);
}

/**
 * The environments of a blueprint, checked and with every default filled in.
 * @throws ConfigError with every fault at once.
 */
export function resolveBlueprint(input: BlueprintInput): readonly Environment[] {
  return withDefaults(input);
}
