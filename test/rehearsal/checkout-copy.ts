import { cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

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
