import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..');
const FOLDER = 'application-code/loud';
const MAIN = `${FOLDER}/dist/main.js`;

/** A checkout with one workload, which asks for a package. */
async function checkoutOf(recipe: string): Promise<string> {
  const checkout = await mkdtemp(join(tmpdir(), 'spillway-worker-bundle-'));
  for (const file of ['build.mjs', 'package.json', 'package-lock.json', 'tsconfig.json'])
    await cp(join(ROOT, file), join(checkout, file));
  const isSource = (path: string) => !/\/(dist|node_modules)(\/|$)/.test(path.slice(ROOT.length));
  for (const room of ['application-code/worker', 'contract', 'dataset', 'lambda', 'text'])
    await cp(join(ROOT, room), join(checkout, room), { recursive: true, filter: isSource });
  await cp(
    join(ROOT, 'application-code/workloads.ts'),
    join(checkout, 'application-code/workloads.ts'),
  );
  await mkdir(join(checkout, FOLDER));
  await writeFile(join(checkout, FOLDER, 'recipe.ts'), recipe);
  await writeFile(join(checkout, FOLDER, 'workload.ts'), 'export const workload = {};');
  await symlink(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  return checkout;
}

test('a package that a workload begins to name stays outside its worker from then on', async () => {
  const checkout = await checkoutOf("export { zipSync as recipe } from 'fflate';");
  const build = async () => {
    await promisify(execFile)(process.execPath, ['build.mjs', FOLDER], { cwd: checkout });
    return readFile(join(checkout, MAIN), 'utf8');
  };
  try {
    const isOutside = (bundle: string) => bundle.includes('require("fflate")');
    const manifest = join(checkout, FOLDER, 'package.json');
    await writeFile(manifest, JSON.stringify({ dependencies: {} }));
    expect(isOutside(await build())).toBe(false);
    await writeFile(manifest, JSON.stringify({ dependencies: { fflate: '*' } }));
    expect(isOutside(await build())).toBe(true);
  } finally {
    await rm(checkout, { recursive: true });
  }
}, 60_000);
