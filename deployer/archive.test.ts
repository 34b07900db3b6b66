import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';

const ROOT = join(__dirname, '..');
/** What the deployer is made of. */
const ROOMS = ['application-code', 'contract', 'deployer', 'lambda', 'text'];
const FILES = ['build.mjs', 'package.json', 'package-lock.json', 'tsconfig.json'];
const WORKLOAD = 'application-code/checksum';

describe('the archive of the deployer', () => {
  let checkout: string;
  const build = async () => {
    await promisify(execFile)(process.execPath, ['build.mjs', 'deployer'], { cwd: checkout });
    return unzipSync(await readFile(join(checkout, 'deployer/dist/deployer.zip')));
  };

  beforeAll(async () => {
    checkout = await mkdtemp(join(tmpdir(), 'spillway-deployer-'));
    const filter = (path: string) => !['dist', 'node_modules'].includes(basename(path));
    for (const name of [...ROOMS, ...FILES])
      await cp(join(ROOT, name), join(checkout, name), { recursive: true, filter });
    for (const manifest of ['cli', 'local'])
      await cp(join(ROOT, manifest, 'package.json'), join(checkout, manifest, 'package.json'));
    await symlink(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
    await cp(join(ROOT, 'examples/checksum'), join(checkout, WORKLOAD), { recursive: true });
    await mkdir(join(checkout, WORKLOAD, 'samples'));
    await writeFile(join(checkout, WORKLOAD, 'samples/abc.txt'), 'abc');
  });
  afterAll(() => rm(checkout, { recursive: true }));

  test('has the canary of each workload and its samples, and nothing else of it', async () => {
    const files = await build();
    const own = Object.keys(files).filter((path) => path.startsWith(WORKLOAD));
    expect(own).toEqual([`${WORKLOAD}/samples/abc.txt`]);
    const program = Buffer.from(files['deployer/dist/main.js'] ?? []).toString();
    expect(program).toContain('application-code/checksum/canary.ts');
  });

  test('is made again when a sample has come', async () => {
    await build();
    await writeFile(join(checkout, WORKLOAD, 'samples/def.txt'), 'def');
    const sample = (await build())[`${WORKLOAD}/samples/def.txt`];
    expect(Buffer.from(sample ?? []).toString()).toBe('def');
  });

  test('is made again when a folder that was there becomes a workload', async () => {
    const folder = join(checkout, 'application-code/late');
    await mkdir(folder);
    await build();
    await cp(join(ROOT, 'examples/checksum'), folder, { recursive: true });
    const program = (await build())['deployer/dist/main.js'];
    expect(Buffer.from(program ?? []).toString()).toContain('application-code/late/canary.ts');
  });
});
