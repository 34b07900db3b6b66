import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { HeldBytes } from '../../folder/held-bytes';
import { LARGE_FILE_BYTES, type SourceBody } from '../../folder/read-source';
import type { FoundFile, SkippedEntry } from '../../folder/walk';
import { type SourceBucket, uploadFiles } from './upload';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spillway-upload-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function made(name: string, body: string | Buffer): Promise<FoundFile> {
  const file = path.join(folder, name);
  await writeFile(file, body);
  return { kind: 'file', path: file, relativePath: name, bytes: body.length };
}

async function* given(files: readonly (FoundFile | SkippedEntry)[]) {
  yield* files;
}

interface UploadResult {
  readonly objects: Map<string, Buffer>;
  readonly told: string[];
}

async function upload(
  files: readonly (FoundFile | SkippedEntry)[],
  before: (key: string, source: SourceBody) => Promise<void> = async () => undefined,
  { held = new HeldBytes(Number.POSITIVE_INFINITY), signal = new AbortController().signal } = {},
): Promise<UploadResult> {
  const objects = new Map<string, Buffer>();
  const told: string[] = [];
  const bucket: SourceBucket = {
    async put(key, source) {
      await before(key, source);
      const body = Buffer.isBuffer(source.body) ? source.body : await buffer(source.body);
      expect(body.length).toBe(source.bytes);
      objects.set(key, body);
    },
  };
  await uploadFiles(
    given(files),
    { bucket, sourcePrefix: 'in/', concurrency: 2, held, signal },
    {
      onUploading: (key) => told.push(`uploading ${key}`),
      onUploaded: (key) => told.push(`uploaded ${key}`),
      onSkipped: ({ name, reason }) => told.push(`skipped ${name} ${reason}`),
    },
  );
  return { objects, told };
}

const large = Buffer.alloc(LARGE_FILE_BYTES + 1, 7);

describe('uploadFiles', () => {
  test('puts every file below the prefix, whole, large ones as streams', async () => {
    const kinds = new Map<string, boolean>();
    const files = [await made('a.jpg', 'one'), await made('zero', ''), await made('b', large)];
    const { objects, told } = await upload(files, async (key, { body }) => {
      kinds.set(key, Buffer.isBuffer(body));
    });
    expect([...objects.keys()].sort()).toEqual(['in/a.jpg', 'in/b', 'in/zero']);
    expect(objects.get('in/b')?.equals(large)).toBe(true);
    expect(kinds).toEqual(
      new Map([
        ['in/a.jpg', true],
        ['in/zero', true],
        ['in/b', false],
      ]),
    );
    expect(told).toContain('uploaded in/b');
  });

  test('reports an object before its first byte, since workers may be fast', async () => {
    const seen: string[] = [];
    const files = [await made('a', 'one')];
    const { told } = await upload(files, async () => {
      seen.push('put');
    });
    expect(seen).toEqual(['put']);
    expect(told).toEqual(['uploading in/a', 'uploaded in/a']);
  });

  test('continues after a missing file, a folder and a refused upload', async () => {
    const gone = { ...(await made('gone', '')), path: path.join(folder, 'nowhere') };
    const folderNow = { ...(await made('dir', '')), path: folder };
    const files = [gone, folderNow, await made('no', 'x'), await made('ok', 'x')];
    const { objects, told } = await upload(files, async (key) => {
      if (key === 'in/no') throw new Error('503');
    });
    expect([...objects.keys()]).toEqual(['in/ok']);
    expect(told.filter((line) => line.startsWith('skipped')).sort()).toEqual([
      'skipped dir NotAFile',
      'skipped gone Vanished',
      'skipped no Refused',
    ]);
  });

  test.each([
    ['grows', (file: string) => writeFile(file, 'more', { flag: 'a' })],
    ['is cut', (file: string) => truncate(file, 100)],
  ])('makes no object of a large file that %s meanwhile', async (_how, change) => {
    const files = [await made('b', large)];
    const { objects, told } = await upload(files, () => change(path.join(folder, 'b')));
    expect(objects.size).toBe(0);
    expect(told).toEqual(['uploading in/b', 'skipped b Changed']);
  });

  test('releases the room of a failed upload, and holds that of an object', async () => {
    const held = new HeldBytes(3);
    const gone = { ...(await made('gone', 'abc')), path: path.join(folder, 'nowhere') };
    await upload([gone], undefined, { held });
    await upload([await made('a', 'abc')], undefined, { held });
    void held.admit(1);
    expect(held.isFull).toBe(true);
  });

  test('takes no other file once it is stopped', async () => {
    const { objects } = await upload([await made('a', 'x')], undefined, {
      signal: AbortSignal.abort(),
    });
    expect(objects.size).toBe(0);
  });
});
