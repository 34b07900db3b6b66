import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lockOutFolder } from '../../folder/out-lock';
import { type OutFolder, openOutFolder } from './out-folder';

let parent: string;

beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'spillway-out-'));
});

afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
});

const at = (...parts: string[]) => path.join(parent, ...parts);
const open = (isExplicit = true) => openOutFolder(at('out'), { isExplicit });

async function* body(...chunks: string[]) {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

const write = (out: OutFolder, key: string) => out.write(key, body('ab', 'c'), 3);

describe('openOutFolder', () => {
  test('writes outputs under their own paths, and leaves nothing half-written', async () => {
    const out = await open();
    expect(await write(out, 'small/a/b.jpg')).toEqual({
      path: at('out', 'small/a/b.jpg'),
      bytes: 3,
    });
    expect(await readFile(at('out/small/a/b.jpg'), 'utf8')).toBe('abc');
    await out.close();
    expect(await readdir(at('out/.spillway'))).toEqual(['entries.jsonl', 'run.json']);
  });

  test('fails when fewer bytes arrive than were announced, and keeps none of them', async () => {
    const out = await open();
    await expect(out.write('small/a.jpg', body('ab'), 3)).rejects.toThrow('2 bytes');
    expect(await readdir(at('out/small'))).toEqual([]);
    expect(await readdir(at('out/.spillway'))).toEqual(['entries.jsonl', 'run.json']);
  });

  test.each(['small', 'small/deep'])('never writes through a link at %s', async (link) => {
    const out = await open();
    await mkdir(at('outside'));
    await mkdir(at('out', path.dirname(link)), { recursive: true });
    await symlink(at('outside'), at('out', link));
    await expect(write(out, 'small/deep/a.jpg')).rejects.toThrow('is not a folder');
    expect(await readdir(at('outside'))).toEqual([]);
  });

  test('replaces a link in the place of an output', async () => {
    const out = await open();
    await writeFile(at('precious'), 'precious');
    await mkdir(at('out/small'));
    await symlink(at('precious'), at('out/small/a.jpg'));
    await write(out, 'small/a.jpg');
    expect(await readFile(at('precious'), 'utf8')).toBe('precious');
  });

  test('removes what an earlier run wrote, and nothing that a user put beside it', async () => {
    const first = await open();
    await Promise.all(['small/old.jpg', 'small/a.jpg', 'b.sha256'].map((key) => write(first, key)));
    await first.writePage(['<p>']);
    await first.close();
    await writeFile(at('out/notes.txt'), 'mine');
    await open();
    expect((await readdir(at('out'))).sort()).toEqual(['.spillway', 'notes.txt']);
  });

  test('fails when the folder holds what no run has written', async () => {
    await mkdir(at('out'));
    await writeFile(at('out/photo.jpg'), '');
    await expect(open()).rejects.toThrow('holds files that no run has written (photo.jpg)');
    expect(await readdir(at('out'))).toEqual(['photo.jpg']);
  });

  test('fails when it is a file, and when it lies below one', async () => {
    await writeFile(at('out'), '');
    await expect(open()).rejects.toThrow('it is a file');
    await expect(openOutFolder(at('out/x'), { isExplicit: true })).rejects.toThrow('not a folder');
  });

  test('fails in one sentence when the disk is full', async () => {
    const out = await open();
    const full = async function* () {
      yield Buffer.from('a');
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    };
    await expect(out.write('small/a.jpg', full(), 3)).rejects.toMatchObject({
      name: 'LocalModeError',
      message: expect.stringContaining('the disk is full'),
    });
    expect(await readdir(at('out/small'))).toEqual([]);
  });

  test('an earlier run cannot make us remove anything above the folder', async () => {
    const first = await open();
    await first.close();
    await writeFile(at('precious'), '');
    const names = ['../precious', '..', '.', '/', 7, '.spillway'];
    const lines = [...names.map((name) => JSON.stringify(name)), '"half a li'];
    await writeFile(at('out/.spillway/entries.jsonl'), lines.join('\n'));
    await open();
    expect(await readdir(parent)).toContain('precious');
    expect(await readdir(at('out/.spillway'))).toEqual(['run.json']);
  });
});

describe('lockOutFolder', () => {
  const lock = (processId: number, isExplicit = false) =>
    lockOutFolder(at('out'), { isExplicit, processId, isAlive: () => true });

  test('locks the next free folder for a run beside another one', async () => {
    expect(await lock(1)).toBe(at('out'));
    expect(await lock(2)).toBe(at('out-2'));
    expect(await lock(3)).toBe(at('out-3'));
  });

  test('fails when the folder that the user named is in use', async () => {
    await lock(1);
    await expect(lock(2, true)).rejects.toThrow('is being written by another run (process 1)');
  });

  test('takes the folder of a run that died', async () => {
    await lock(1);
    const dead = { isExplicit: true, processId: 2, isAlive: () => false };
    expect(await lockOutFolder(at('out'), dead)).toBe(at('out'));
  });

  test('never locks one folder for two of many runs that start at once', async () => {
    const folders = await Promise.all([1, 2, 3, 4, 5].map((processId) => lock(processId)));
    expect(new Set(folders).size).toBe(5);
  });
});
