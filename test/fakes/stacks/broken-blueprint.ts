import { type BlueprintInput, ConfigError } from '../../../stacks/config/blueprint-config';
import { resolveBlueprint } from '../../../stacks/config/load-config';

/** For tests: the faults of a blueprint; none when it is right. */
export function faultsOf(blueprint: unknown): readonly string[] {
  try {
    resolveBlueprint(blueprint as BlueprintInput);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

/** For tests: a blueprint of one environment, `dev`, whose settings may be wrong. */
export function dev(settings: Readonly<Record<string, unknown>>): unknown {
  return { environments: { dev: settings } };
}

/** For tests: a blueprint with one pipeline, `photos`, whose settings may be wrong. */
export function photos(settings: Readonly<Record<string, unknown>>): unknown {
  return dev({ pipelines: { photos: settings } });
}
