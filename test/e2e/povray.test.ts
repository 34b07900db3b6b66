import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zipSync } from 'fflate';
import sharp from 'sharp';

const root = join(__dirname, '../..');
const SIZE = 'Width=32\nHeight=24\n';
const BALL = `
  #version 3.7; global_settings { assumed_gamma 1 } background { rgb <0, 0, 1> }
  camera { location <0, 0, -4> look_at 0 } light_source { <0, 0, -9> rgb 1 }
  sphere { 0, 1 pigment { rgb <1, 0, 0> } finish { ambient 1 diffuse 0 } }`;

const ARCHIVES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'ball.zip': { 'ball.ini': SIZE, 'ball.pov': BALL },
  'shows/two Bälle.zip': {
    'show/two.ini': `${SIZE}Initial_Frame=1\nFinal_Frame=2`,
    'show/ball.pov': BALL,
  },
  'broken.zip': { 'a.ini': SIZE, 'a.pov': `${BALL}\n}` },
  'climbing.zip': { '../a.ini': SIZE, 'a.pov': BALL },
};

const isThere = spawnSync('povray', ['--version']).status === 0;
const withPovray = isThere ? describe : describe.skip;
const skipped = isThere ? '' : ' (skipped: there is no `povray` command on this machine)';

test('npm start -- --workload povray says how to install POV-Ray where it is missing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-no-povray-'));
  for (const program of ['node', 'python3'] as const) {
    const { stdout } = spawnSync('which', [program], { encoding: 'utf8' });
    await symlink(stdout.trim(), join(folder, program));
  }
  const words = [join(root, 'local/start.mjs'), '--workload', 'povray', '--out', join(folder, 'o')];
  const { status, stderr } = spawnSync(process.execPath, words, {
    env: { ...process.env, PATH: folder },
    encoding: 'utf8',
  });
  expect(stderr).toContain(
    'The workload povray cannot run on this machine: povray renders a scene: povray is in no ' +
      'folder of PATH; on Debian and Ubuntu: apt-get install povray libfakechroot.',
  );
  expect(status).toBe(1);
  expect(await readdir(folder)).not.toContain('o');
  await rm(folder, { recursive: true });
}, 60_000);

withPovray(`npm start -- --workload povray${skipped}`, () => {
  let scratch: string;
  let said: string;

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'spillway-povray-'));
    await mkdir(join(scratch, 'in/shows'), { recursive: true });
    for (const [name, files] of Object.entries(ARCHIVES)) {
      const entries = Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]);
      await writeFile(join(scratch, 'in', name), zipSync(Object.fromEntries(entries)));
    }
    const words = ['in', '--workload', 'povray', '--out', 'out'];
    const start = join(root, 'local/start.mjs');
    const ended = promisify(execFile)(process.execPath, [start, ...words], { cwd: scratch });
    said = (await ended).stdout;
  }, 120_000);

  afterAll(() => rm(scratch, { recursive: true, force: true }));

  test('renders a picture', async () => {
    expect(await readdir(join(scratch, 'out/ball.zip.out'))).toEqual(['ball.png']);
    const picture = await readFile(join(scratch, 'out/ball.zip.out/ball.png'));
    const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([32, 24]);
    const middle = (12 * 32 + 16) * info.channels;
    expect([...data.subarray(0, 3), ...data.subarray(middle, middle + 3)]).toEqual([
      ...[0, 0, 255],
      ...[255, 0, 0],
    ]);
  });

  test('renders each picture of an animation', async () => {
    const pictures = await readdir(join(scratch, 'out/shows/two Bälle.zip.out'));
    expect(pictures.sort()).toEqual(['two-1.png', 'two-2.png']);
  });

  test("says POV-Ray's own line, or what is wrong with the archive, of each dead letter", () => {
    expect(said).toMatch(/broken\.zip.*JobRejected.*a\.pov' line 5: Parse Error/s);
    expect(said).toMatch(/climbing\.zip.*JobRejected.*invalid relative path: \.\.\/a\.ini/s);
  });
});
