import { join } from 'node:path';
import { run } from '../emulator/run-command';
import { terraformEnvironment } from './terraform-tools';

/** Folder of a checkout, or of a copy, and the configuration that it deploys. */
export interface Project {
  readonly path: string;
  /** Endpoint of the emulator. */
  readonly endpoint: string;
  /** Where Terraform makes things, if not at the emulator, which does not know all of them. */
  readonly makingEndpoint?: string;
  /** Configuration file relative to the folder; default `blueprint.config.ts`. */
  readonly configuration?: string;
}

/** Runs a command of cdktf as a user types it. */
export function cdktf(
  { path, endpoint, makingEndpoint = endpoint, configuration }: Project,
  ...args: readonly string[]
): Promise<string> {
  const program = join(path, 'node_modules', '.bin', 'cdktf');
  return run(program, args, {
    folder: path,
    environment: {
      ...terraformEnvironment(makingEndpoint),
      ...(configuration && { BLUEPRINT_CONFIG: configuration }),
    },
  });
}

/** Runs a command of terraform in the folder of a synthesised stack. */
export function terraform(
  { path, endpoint, makingEndpoint = endpoint }: Project,
  stack: string,
  ...args: readonly string[]
) {
  const folder = join(path, 'cdktf.out', 'stacks', stack);
  return run('terraform', args, { folder, environment: terraformEnvironment(makingEndpoint) });
}
