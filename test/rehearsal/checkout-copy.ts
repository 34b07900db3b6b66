import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
/** What a synth reads: the program, what it shares with the runtime, and the scaler's bundle. */
const READ = [
  'main.ts',
  'blueprint.config.ts',
  'cdktf.json',
  'package.json',
  'tsconfig.json',
  'application-code',
  'examples',
  'lambda',
  'pipeline',
  'stacks',
];
const LEFT_OUT = new Set(['node_modules', 'cdktf.out']);

export interface CheckoutCopy {
  readonly path: string;
  remove(): Promise<void>;
}

/** A copy of what a deploy needs, so that states and lock files stay out of the checkout. */
export async function copyCheckout(): Promise<CheckoutCopy> {
  const path = await mkdtemp(join(tmpdir(), 'spillway-rehearsal-'));
  const filter = (source: string) => !LEFT_OUT.has(basename(source));
  for (const entry of READ) await cp(join(ROOT, entry), join(path, entry), { recursive: true, filter });
  await symlink(join(ROOT, 'node_modules'), join(path, 'node_modules'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
