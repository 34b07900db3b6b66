import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OWN_FOLDER } from './out-lock';
import { walk } from './walk';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spillway-walk-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string) => path.join(folder, name);

async function listed(options = {}): Promise<string[]> {
  const lines: string[] = [];
  for await (const entry of walk(folder, options))
    lines.push(entry.kind === 'file' ? entry.relativePath : `${entry.name}: ${entry.reason}`);
  return lines.sort();
}

describe('walk', () => {
  test('yields every file at any depth, with its size and its path below the folder', async () => {
    await mkdir(at('a/b'), { recursive: true });
    await writeFile(at('a/b/Été 1+%.JPG'), 'four');
    const found = [];
    for await (const entry of walk(folder)) found.push(entry);
    expect(found).toEqual([
      { kind: 'file', path: at('a/b/Été 1+%.JPG'), relativePath: 'a/b/Été 1+%.JPG', bytes: 4 },
    ]);
  });

  test('ends at the next entry once its signal is aborted, without an error', async () => {
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) await writeFile(at(name), '');
    const stop = new AbortController();
    const found = [];
    for await (const entry of walk(folder, { signal: stop.signal })) {
      found.push(entry);
      stop.abort();
    }
    expect(found).toHaveLength(1);
  });

  test('ignores and reports what operating systems leave behind, at any depth', async () => {
    await mkdir(at('a/@eaDir'), { recursive: true });
    for (const name of ['a/b.jpg', 'a/._b.jpg', 'a/@eaDir/b.jpg', '.DS_Store', 'desktop.ini'])
      await writeFile(at(name), '');
    let ignored = 0;
    const onIgnored = () => {
      ignored += 1;
    };
    expect(await listed({ onIgnored })).toEqual(['a/b.jpg']);
    expect(ignored).toBe(4);
  });

  test('yields a linked file under the name of its link', async () => {
    await writeFile(at('one.jpg'), '');
    await symlink('one.jpg', at('two.jpg'));
    expect(await listed()).toEqual(['one.jpg', 'two.jpg']);
  });

  test('follows one link to a folder, and skips a second one', async () => {
    await mkdir(at('real'));
    await writeFile(at('real/a.jpg'), '');
    await symlink('real', at('first'));
    await symlink('real', at('second'));
    const lines = await listed();
    expect(lines.filter((line) => line.endsWith('a.jpg'))).toHaveLength(2);
    expect(lines.filter((line) => line.endsWith(': LinkRepeats'))).toHaveLength(1);
  });

  test.each([
    ['self', 'a link to itself', 'LinkLoops'],
    ['.', 'a link to its own folder', 'LinkLoops'],
    ['nowhere', 'a link to nothing', 'LinkDangles'],
    ['/', 'a link to a folder above', 'LinkLeadsOutside'],
    [__filename, 'a link to a file elsewhere', 'LinkLeadsOutside'],
    ['..', 'a link out of the folder', 'LinkLeadsOutside'],
  ])('leaves out a link to %s: %s', async (target, _why, reason) => {
    await symlink(target, at('self'));
    expect(await listed()).toEqual([`self: ${reason}`]);
  });

  test('skips a link to a folder whose name only begins like ours', async () => {
    await mkdir(`${folder}-beside`);
    await symlink(`${folder}-beside`, at('link'));
    expect(await listed()).toEqual(['link: LinkLeadsOutside']);
    await rm(`${folder}-beside`, { recursive: true });
  });

  test('reports a file whose name is not UTF-8, and continues', async () => {
    await writeFile(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9])]), '').catch(
      () => undefined,
    );
    await writeFile(at('ok.jpg'), '');
    expect(await listed()).toEqual(
      process.platform === 'linux' ? ['caf\\xe9: NameNotUtf8', 'ok.jpg'] : ['ok.jpg'],
    );
  });

  test('reports a file whose path has too many bytes for a key', async () => {
    await writeFile(at('äöü'), '');
    await writeFile(at('abc'), '');
    expect(await listed({ maxPathBytes: 5 })).toEqual(['abc', 'äöü: KeyTooLong']);
  });

  test('ignores a folder that a run has written to, but not the folder itself', async () => {
    for (const out of ['out', '.']) {
      await mkdir(at(`${out}/${OWN_FOLDER}`), { recursive: true });
      await writeFile(at(`${out}/${OWN_FOLDER}/run.json`), '{}');
    }
    await writeFile(at('out/rendition.jpg'), '');
    await writeFile(at('photo.jpg'), '');
    expect(await listed()).toEqual(['photo.jpg']);
  });

  test('ignores the given paths', async () => {
    await writeFile(at('SOURCES.md'), '');
    expect(await listed({ ignore: ['SOURCES.md'] })).toEqual([]);
  });

  const asRoot = process.getuid?.() === 0;
  (asRoot ? test.skip : test)('reports a folder that cannot be read, and continues', async () => {
    await mkdir(at('closed'), { mode: 0 });
    await writeFile(at('ok.jpg'), '');
    expect(await listed()).toEqual(['closed: Unreadable', 'ok.jpg']);
    await chmod(at('closed'), 0o700);
  });
});
