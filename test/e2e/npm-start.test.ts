import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import sharp from 'sharp';
import { eventually } from '../fakes/eventually';
import { cameraJpeg } from './photos';

const root = join(__dirname, '../..');

/**
 * One `npm start`, with a temporary folder of its own so that what it leaves behind can be seen.
 */
interface Run {
  readonly child: ChildProcess;
  /** All that it printed so far. */
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

describe('npm start', () => {
  let scratch: string;
  let temporary: string;
  let out: string;

  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'spillway-start-'));
    temporary = join(scratch, 'tmp');
    out = join(scratch, 'out');
    await mkdir(temporary);
  });

  afterEach(() => rm(scratch, { recursive: true, force: true }));

  const start = (...args: string[]): Run => {
    const child = spawn(process.execPath, ['local/start.mjs', ...args, '--out', out], {
      cwd: root,
      env: { ...process.env, TMPDIR: temporary },
    });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => chunks.push(chunk));
    const ended = once(child, 'exit').then(([code]) => code as number | null);
    return { child, said: () => Buffer.concat(chunks).toString(), ended };
  };

  /** Processes that still carry the run's temporary folder in their environment. */
  const leftovers = async (): Promise<number[]> => {
    const pids = (await readdir('/proc'))
      .map(Number)
      .filter((pid) => pid > 0 && pid !== process.pid);
    const environments = await Promise.all(
      pids.map((pid) => readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')),
    );
    return pids.filter((_pid, index) => environments[index]?.includes(temporary));
  };

  const expectNothingLeft = async () => {
    expect(await leftovers()).toEqual([]);
    expect(await readdir(temporary)).toEqual([]);
  };

  const album = async (count: number): Promise<string> => {
    const folder = join(scratch, 'album');
    await mkdir(folder);
    const body = await cameraJpeg(1600, 1200, 1);
    for (let index = 0; index < count; index += 1)
      await writeFile(join(folder, `${index}.jpg`), body);
    return folder;
  };

  test('the bundled samples end as renditions and one dead letter, on a page that shows ' +
    'both', async () => {
    const run = start();
    expect({ code: await run.ended, said: run.said() }).toMatchObject({ code: 0 });
    expect(run.said()).toContain('Undecodable');

    // From memory: a worker's test in this process may have forbidden libvips to open files.
    const sizes = async (path: string) => {
      const { width, height, pageHeight, pages, exif } = await sharp(
        await readFile(join(out, '224x224', path)),
      ).metadata();
      return { width, height: pageHeight ?? height, pages, exif };
    };
    expect(await sizes('IMG_0001.JPG')).toMatchObject({ width: 224, height: 149 });
    expect(await sizes('holiday/IMG_0001.JPG')).toEqual({ width: 168, height: 224 });
    expect(await sizes('holiday/Café crème.png')).toMatchObject({ width: 224 });
    expect(await sizes('hubble-flight.gif')).toMatchObject({ pages: 14 });
    expect(existsSync(join(out, '224x224', 'broken.jpg'))).toBe(false);
    const page = await readFile(join(out, 'index.html'), 'utf8');
    expect(page).toContain('224x224/holiday/Caf%C3%A9%20cr%C3%A8me.png');
    expect(page).toContain('broken.jpg');
    await expectNothingLeft();
  }, 60_000);

  test('Ctrl-C drains the tasks, stops the emulator and leaves no process and no ' +
    'temporary file', async () => {
    const run = start(await album(300), '--max-tasks', '2');
    await eventually(() => existsSync(join(out, '224x224')));
    run.child.kill('SIGINT');
    expect({ code: await run.ended, said: run.said() }).toMatchObject({ code: 130 });
    await expectNothingLeft();
  }, 60_000);

  test('fails when the emulator dies in the middle, and says so', async () => {
    const run = start(await album(300), '--max-tasks', '2');
    await eventually(() => existsSync(join(out, '224x224')));
    const commands = await Promise.all(
      (await leftovers()).map(async (pid) => ({
        pid,
        line: await readFile(`/proc/${pid}/cmdline`, 'latin1'),
      })),
    );
    const emulator = commands.find(({ line }) => line.includes('ministack'));
    if (!emulator) throw new Error(`no emulator among ${JSON.stringify(commands)}`);
    process.kill(emulator.pid, 'SIGKILL');
    expect({ code: await run.ended, said: run.said() }).toMatchObject({ code: 1 });
    expect(run.said()).toMatch(/emulator/i);
    await expectNothingLeft();
  }, 60_000);

  test('files that cannot be processed are counted and said, the others are done', async () => {
    const folder = await album(2);
    await symlink('/etc/hostname', join(folder, 'outside.jpg'));
    await symlink(folder, join(folder, 'loop'));
    await symlink('nowhere.jpg', join(folder, 'dangling.jpg'));
    await writeFile(
      Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x66, 0xff, 0xfe])]),
      'x',
    );
    const run = start(folder);
    expect({ code: await run.ended, said: run.said() }).toMatchObject({ code: 1 });
    for (const name of ['outside.jpg', 'loop', 'dangling.jpg', 'UTF-8'])
      expect(run.said()).toContain(name);
    expect((await readdir(join(out, '224x224'))).sort()).toEqual(['0.jpg', '1.jpg']);
    await expectNothingLeft();
  }, 60_000);

  test('a folder becomes a dataset with each picture once, and a page of its classes', async () => {
    const folder = await album(2);
    const named = join(folder, 'große Hunde. 2');
    await mkdir(named);
    await copyFile(join(folder, '0.jpg'), join(named, 'a b.v1.jpg'));
    await writeFile(join(named, 'no picture.jpg'), 'text');
    const run = start(folder, '--dataset', '--recipe', 'imagenet-224');
    expect({ code: await run.ended, said: run.said() }).toMatchObject({ code: 0 });
    expect(run.said()).toContain('4 objects uploaded = 3 samples + 1 dead letter');
    expect(run.said()).toMatch(/S3: \d+ PUT, 4 GET and HEAD requests/);
    expect((await readdir(out)).sort()).toEqual([
      ...['.spillway', 'dataset-000000.tar', 'dataset.json', 'index.html', 'index.parquet'],
    ]);
    const { counts } = JSON.parse(await readFile(join(out, 'dataset.json'), 'utf8'));
    expect(counts).toMatchObject({ samples: 3, byClass: { 'große Hunde. 2': 1 } });
    const page = await readFile(join(out, 'index.html'), 'utf8');
    expect(page.match(/<img src="data:image\/jpeg;base64,/g)).toHaveLength(3);
    await expectNothingLeft();
  }, 60_000);

  test('a reader that has seen enough ends it in order, without a word', async () => {
    const shell = '"$0" local/start.mjs --out "$1" | head -n 1';
    const child = spawn('/bin/sh', ['-c', shell, process.execPath, out], {
      cwd: root,
      env: { ...process.env, TMPDIR: temporary },
    });
    const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(said).toMatch(/^[^\n]+\n$/);
    expect(complained).toBe('');
    await expectNothingLeft();
  }, 60_000);

  test('fails with a sentence when the temporary folder does not exist', async () => {
    await rm(temporary, { recursive: true });
    const run = start();
    expect(await run.ended).toBe(1);
    expect(run.said()).toMatch(/^The temporary folder .* set TMPDIR to a folder .*\n$/);
  });

  test.each([
    ['a folder that does not exist', ['/nowhere/at/all'], 1, '/nowhere/at/all'],
    ['an unknown option', ['--max-task', '3'], 2, 'Did you mean --max-tasks?'],
    ['a text instead of a number', ['--max-tasks', 'ten'], 2, 'ten'],
    ['a recipe with faults, all named', ['--recipe', '[{"name":"a/b","width":0}]'], 2, 'width'],
    ['an endpoint elsewhere', ['--endpoint', 'http://192.0.2.1:4566'], 2, '192.0.2.1'],
  ])('fails when given %s', async (_title, args, code, said) => {
    const run = start(...args);
    expect({ code: await run.ended, said: run.said() }).toMatchObject({ code });
    expect(run.said()).toContain(said);
    expect(run.said()).not.toMatch(/\n\s+at /);
    await expectNothingLeft();
  });
});
