import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type CheckoutCopy, copyCheckout } from '../rehearsal/checkout';

/** Far more than one read of a connection brings. */
const FILM_BYTES = 64 * 1024 * 1024;

let copy: CheckoutCopy;

beforeAll(async () => {
  copy = await copyCheckout();
}, 60_000);

afterAll(() => copy.remove());

test('a workload copied into application-code/ runs, and no other file changes', async () => {
  const { path } = copy;
  await cp(join(path, 'examples/checksum'), join(path, 'application-code/checksum'), {
    recursive: true,
  });
  const files = {
    'a.txt': Buffer.from('a'),
    'deep/Été 1+2%.bin': Buffer.alloc(5_000, 'b'),
    'film.mov': Buffer.alloc(FILM_BYTES, 'film'),
    empty: Buffer.alloc(0),
  };
  await mkdir(join(path, 'in/deep'), { recursive: true });
  for (const [name, body] of Object.entries(files)) await writeFile(join(path, 'in', name), body);
  const words = ['in', '--workload', 'checksum', '--recipe', '"sha512"', '--out', 'sums'];
  const start = promisify(execFile);
  const { stdout } = await start(process.execPath, ['local/start.mjs', ...words], { cwd: path });
  expect(stdout).toContain('EmptySource');
  const { empty: _, ...filled } = files;
  for (const [name, body] of Object.entries(filled)) {
    const sum = await readFile(join(path, 'sums', `${name}.sha512`), 'utf8');
    expect(sum).toBe(`${createHash('sha512').update(body).digest('hex')}\n`);
  }
  expect(await readdir(join(path, 'sums/deep'))).toEqual(['Été 1+2%.bin.sha512']);
}, 120_000);
