import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobFolder } from './job-folder';

/** Permissions do not hold for root, so that it becomes a plain user meanwhile. */
const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;

let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'spillway-folder-'));
  if (!isRoot) return;
  chownSync(scratch, NOBODY, NOBODY);
  process.seteuid?.(NOBODY);
});

afterEach(() => {
  if (isRoot) process.seteuid?.(0);
  rmSync(scratch, { recursive: true });
});

test('removes what its owner may not write, read or enter', async () => {
  const folder = JobFolder.create(scratch, 'a.txt', '');
  const inner = join(folder.output, 'read-only/closed');
  mkdirSync(inner, { recursive: true });
  writeFileSync(join(inner, 'file'), 'x', { mode: 0 });
  chmodSync(inner, 0);
  chmodSync(join(folder.output, 'read-only'), 0o500);
  chmodSync(folder.path, 0o500);
  await folder.remove();
  expect(existsSync(folder.path)).toBe(false);
});

test('a second removal changes nothing', async () => {
  const folder = JobFolder.create(scratch, 'a.txt', '');
  await folder.remove();
  await expect(folder.remove()).resolves.toBeUndefined();
});
