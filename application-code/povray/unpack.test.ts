import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { SceneFault } from './scene-fault';
import { unpack } from './unpack';

const UNIX = 3;
const text = (content: string) => Buffer.from(content);
/** A file whose mode says what it is, as `zip --symlinks` writes it. */
const ofMode = (mode: number, content = '/etc/passwd') =>
  [text(content), { os: UNIX, attrs: mode << 16 }] as const;

let scratch: string;
let folder: string;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'spillway-unpack-'));
  folder = join(scratch, 'scene');
  await mkdir(folder);
});

afterEach(() => rm(scratch, { recursive: true, force: true }));

async function unpackBytes(bytes: Uint8Array) {
  const archive = join(scratch, 'input.zip');
  await writeFile(archive, bytes);
  const limits = { entries: 4, bytes: 400_000, ratio: 20, bytesOfAnyRatio: 10_000 };
  return unpack({ archive, folder, limits });
}

const unpackFiles = (files: Record<string, unknown>) => unpackBytes(zipSync(files as Zippable));

/** All entries of one archive carry a name of the same length, so that it can be replaced. */
function renamed(files: Zippable, from: string, to: string): Buffer {
  const bytes = Buffer.from(zipSync(files));
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at);
  return bytes;
}

/** In the central directory, the last one that a reader looks at. */
function patched(files: Zippable, offset: number, patch: (bytes: Buffer, at: number) => void) {
  const bytes = Buffer.from(zipSync(files));
  patch(bytes, bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + offset);
  return bytes;
}

describe('unpack', () => {
  test('writes the files of an archive with their folders, and returns their paths', async () => {
    const files = await unpackFiles({
      'lamp/': new Uint8Array(),
      'lamp/a.pov': text('sphere'),
      'lamp/maps/Été 1.png': text('png'),
    });
    expect(files).toEqual(['lamp/a.pov', 'lamp/maps/Été 1.png']);
    expect(await readFile(join(folder, 'lamp/a.pov'), 'utf8')).toBe('sphere');
    expect(await readFile(join(folder, 'lamp/maps/Été 1.png'), 'utf8')).toBe('png');
  });

  test('leaves out what Finder adds', async () => {
    const files = { 'a.ini': text(''), '__MACOSX/._a.ini': text('x'), '.DS_Store': text('x') };
    expect(await unpackFiles(files)).toEqual(['a.ini']);
    expect(await readdir(folder)).toEqual(['a.ini']);
  });

  test.each<[what: string, files: Record<string, unknown>, fault: RegExp]>([
    ['a name with ..', { '../up.txt': text('x') }, /invalid relative path: \.\.\/up\.txt/],
    ['.. further within', { 'a/../../up.txt': text('x') }, /invalid relative path/],
    ['.. by backslashes', { 'a\\..\\..\\up.txt': text('x') }, /invalid relative path/],
    ['an absolute name', { '/tmp/up.txt': text('x') }, /absolute path: \/tmp\/up\.txt/],
    ['the name of a drive', { 'C:\\up.txt': text('x') }, /absolute path/],
    ['a name with a zero byte', { 'a\0.pov': text('x') }, /null bytes/],
    ['a link', { 'a.inc': ofMode(0o120777) }, /holds a\.inc, which is a link or a device/],
    ['a device', { 'a.inc': ofMode(0o020666) }, /holds a\.inc, which is a link or a device/],
    [
      'too many entries',
      Object.fromEntries([...'abcde'].map((name) => [name, text('')])),
      /has more than 4 entries/,
    ],
    [
      'too many bytes in all',
      Object.fromEntries([...'abc'].map((name) => [name, [noise(150_000), { level: 0 }]])),
      /unpacks to more than 400,000 bytes/,
    ],
    ['zeros alone', { 'a.inc': Buffer.alloc(300_000) }, /a\.inc, which unpacks to .* times its/],
    ['a folder where a file is', { a: text('x'), 'a/b': text('x') }, /two entries in one place/],
    ['a name that is too long', { ['n'.repeat(300)]: text('x') }, /name that is too long/],
  ])('fails for %s, and writes nothing outside of the folder', async (_what, files, fault) => {
    const unpacked = unpackFiles(files);
    await expect(unpacked).rejects.toThrow(fault);
    await expect(unpacked).rejects.toBeInstanceOf(SceneFault);
    expect((await readdir(scratch)).sort()).toEqual(['input.zip', 'scene']);
  });

  test.each<[what: string, bytes: () => Uint8Array, fault: RegExp]>([
    ['what is no archive', () => text('GIF89a'), /cannot be unpacked: .*end of central directory/i],
    ['an empty file', () => text(''), /cannot be unpacked/],
    [
      'the same name twice',
      () => renamed({ 'a.one': text('1'), 'a.two': text('2') }, 'a.two', 'a.one'),
      /two entries in one place/,
    ],
    [
      'an encrypted file',
      () => patched({ a: text('x') }, 8, (bytes, at) => bytes.writeUInt16LE(1, at)),
      /a, which is encrypted/,
    ],
    [
      'a method of its own',
      () => patched({ a: text('x') }, 10, (bytes, at) => bytes.writeUInt16LE(99, at)),
      /unsupported compression method: 99/,
    ],
    [
      'a file that is larger than the archive says',
      () => patched({ a: noise(9_000) }, 24, (bytes, at) => bytes.writeUInt32LE(10, at)),
      /too many bytes in the stream/,
    ],
    [
      'a broken file',
      () => patched({ a: noise(9_000) }, -5_000, (bytes, at) => bytes.fill(0xff, at, at + 900)),
      /cannot be unpacked/,
    ],
  ])('fails for %s', async (_what, bytes, fault) => {
    const unpacked = unpackBytes(bytes());
    await expect(unpacked).rejects.toThrow(fault);
    await expect(unpacked).rejects.toBeInstanceOf(SceneFault);
  });

  test('fails otherwise when the disk does not take it: the archive is not wrong', async () => {
    await rm(folder, { recursive: true });
    await writeFile(folder, 'no folder');
    await rm(scratch, { recursive: true });
    const unpacked = unpack({ archive: join(scratch, 'input.zip'), folder });
    await expect(unpacked).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('stops when its signal is aborted', async () => {
    const archive = join(scratch, 'input.zip');
    await writeFile(archive, zipSync({ a: noise(300_000) }));
    const unpacked = unpack({ archive, folder, signal: AbortSignal.abort() });
    await expect(unpacked).rejects.toMatchObject({ name: 'AbortError' });
  });
});

/** Bytes that hardly shrink, the same each time. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let at = 0; at < length; at += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    bytes[at] = state >> 16;
  }
  return bytes;
}
