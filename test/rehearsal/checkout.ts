import { cp, link, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { run } from '../emulator/run-command';
import type { ProviderServer } from './provider-server';
import { terraformEnvironment } from './terraform-tools';

/** Folder of a checkout, or of a copy, and the configuration that it deploys. */
export interface Project {
  readonly path: string;
  /** Endpoint of the emulator. */
  readonly endpoint: string;
  /** Where Terraform makes things, if not at the emulator, which does not know all of them. */
  readonly makingEndpoint?: string;
  /** Makes things there; without it, every command starts its own. */
  readonly provider?: ProviderServer;
  /** Configuration file relative to the folder; default `blueprint.config.ts`. */
  readonly configuration?: string;
}

/** Example environments fed by an archive, and by a repository: `moto/` deploys and plans them. */
export const DEPLOYED_TO_MOTO = ['hardened', 'two'] as const;

/** Runs a command of cdktf as a user types it. */
export function cdktf(project: Project, ...args: readonly string[]): Promise<string> {
  const { path, configuration } = project;
  const program = join(path, 'node_modules', '.bin', 'cdktf');
  return run(program, args, {
    folder: path,
    environment: {
      ...environmentOf(project),
      ...(configuration && { BLUEPRINT_CONFIG: configuration }),
    },
  });
}

/** Types `cdktf deploy`, or another verb, and asks for no approval. */
export function cdktfUnasked(
  project: Project,
  verb: 'deploy' | 'destroy',
  ...stacks: readonly string[]
): Promise<string> {
  // A provider that runs already has the configuration of one stack at a time.
  const inTurns = project.provider ? ['--parallelism', '1'] : [];
  return cdktf(project, verb, ...stacks, '--auto-approve', ...inTurns);
}

/** Runs a command of terraform in the folder of a synthesised stack. */
export function terraform(project: Project, stack: string, ...args: readonly string[]) {
  const folder = join(project.path, 'cdktf.out', 'stacks', stack);
  return run(project.provider?.terraform ?? 'terraform', args, {
    folder,
    environment: environmentOf(project),
  });
}

function environmentOf({ endpoint, makingEndpoint = endpoint, provider }: Project) {
  return {
    ...terraformEnvironment(makingEndpoint),
    // https://developer.hashicorp.com/terraform/cdktf/create-and-deploy/environment-variables
    ...(provider && { TERRAFORM_BINARY_NAME: provider.terraform }),
  };
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
  const filter = async (source: string, copied: string) =>
    !LEFT_OUT.test(basename(source)) && !(await linkBundle(source, copied));
  for (const entry of await readdir(ROOT)) {
    await cp(join(ROOT, entry), join(path, entry), { recursive: true, filter });
  }
  await symlink(join(ROOT, 'node_modules'), join(path, 'node_modules'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Bundles are most of a checkout; another one takes the place of a file, and changes none. */
function linkBundle(source: string, copied: string): Promise<boolean> {
  if (basename(dirname(source)) !== 'dist') return Promise.resolve(false);
  // Where no link can be made, such as to another file system, it is copied.
  return link(source, copied).then(
    () => true,
    () => false,
  );
}
