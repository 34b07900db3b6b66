import { cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
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

/** Example environments fed by an archive, and by a repository: `moto/` deploys and plans them. */
export const DEPLOYED_TO_MOTO = ['hardened', 'two'] as const;

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

/** The stacks of an environment, in the order of a deploy. */
export function stacksOf(environment: string): readonly string[] {
  return ['core-infra', 'queue-processing', 'delivery'].map((room) => `${environment}-${room}`);
}

/** @throws Error for a plan with changes: it ends with 2. */
export async function planNothing(project: Project, ...stacks: readonly string[]): Promise<void> {
  for (const stack of stacks)
    await terraform(project, stack, 'plan', '-input=false', '-detailed-exitcode');
}

const ROOT = join(__dirname, '..', '..');
/** What a synth does not read; states of a real deploy must not get into a copy. */
const LEFT_OUT =
  /^(\.git|\.terraform.*|terraform\..*tfstate.*|node_modules|cdktf\.out|out(-[^.]+)?|coverage)$/;

export interface CheckoutCopy {
  readonly path: string;
  remove(): Promise<void>;
}

/** A copy of what a deploy needs, so that states and lock files stay out of the checkout. */
export async function copyCheckout(): Promise<CheckoutCopy> {
  const path = await mkdtemp(join(tmpdir(), 'spillway-rehearsal-'));
  const filter = (source: string) => !LEFT_OUT.test(basename(source));
  for (const entry of await readdir(ROOT)) {
    await cp(join(ROOT, entry), join(path, entry), { recursive: true, filter });
  }
  await symlink(join(ROOT, 'node_modules'), join(path, 'node_modules'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
