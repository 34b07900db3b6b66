import { extract } from 'tar-stream';
import { END_OF_ARCHIVE, paddingOf, type TarFile, tarEntry } from './tar';

interface ReadFile {
  readonly header: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** What another package reads. */
function readTar(tar: Buffer): Promise<readonly ReadFile[]> {
  const files: ReadFile[] = [];
  const reader = extract();
  reader.on('entry', (header, stream, next) => {
    const pieces: Buffer[] = [];
    stream.on('data', (piece) => pieces.push(piece as Buffer));
    stream.on('end', () => {
      files.push({ header: { ...header }, body: Buffer.concat(pieces).toString() });
      next();
    });
  });
  return new Promise((resolve, reject) => {
    reader.on('finish', () => resolve(files));
    reader.on('error', reject);
    reader.end(tar);
  });
}

const modifiedAt = new Date('2026-11-29T01:02:03.987Z');

function entryOf(name: string, body: string): Buffer {
  const content = Buffer.from(body);
  const file: TarFile = { name, bytes: content.length, modifiedAt };
  return Buffer.concat([tarEntry(file), content, paddingOf(content.length)]);
}

const NAMES = [
  'a/felix%2Ejpg.jpg',
  'ü/日本.jpg',
  'a'.repeat(99),
  'b'.repeat(100),
  `${'folder/'.repeat(40)}..%2E/${'c'.repeat(300)}.jpg`,
  `x/${'d/../'.repeat(30)}e`,
  'a//b',
  '/root',
];

test('another package reads every name, body, mode and time as they were given', async () => {
  const entries = NAMES.map((name, at) => entryOf(name, 'x'.repeat(at * 300)));
  const files = await readTar(Buffer.concat([...entries, END_OF_ARCHIVE]));
  expect(files.map(({ header, body }) => [header.name, body.length])).toEqual(
    NAMES.map((name, at) => [name, at * 300]),
  );
  for (const { header } of files)
    expect(header).toMatchObject({
      ...{ type: 'file', mode: 0o644, uid: 0, gid: 0, uname: '', gname: '' },
      mtime: new Date('2026-11-29T01:02:03Z'),
    });
});

test('an entry is whole blocks without a word of its neighbours: any tar can have it', async () => {
  const [first, second, third] = NAMES.map((name) => entryOf(name, name));
  const moved = [third, first, second].flatMap((entry) => (entry ? [entry] : []));
  expect(moved.every(({ length }) => length % 512 === 0)).toBe(true);
  const files = await readTar(Buffer.concat([...moved, END_OF_ARCHIVE]));
  expect(files.map(({ body }) => body)).toEqual([NAMES[2], NAMES[0], NAMES[1]]);
});

test('a name of plain letters costs one block, any other a PAX header', () => {
  const blocks = (name: string) => tarEntry({ name, bytes: 1, modifiedAt }).length / 512;
  expect([blocks('a'.repeat(99)), blocks('a'.repeat(100)), blocks('é')]).toEqual([1, 3, 3]);
});

test('a source from before 1970 is as old as a tar can say', async () => {
  const old = tarEntry({ name: 'a', bytes: 0, modifiedAt: new Date(-5_000) });
  const [file] = await readTar(Buffer.concat([old, END_OF_ARCHIVE]));
  expect(file?.header.mtime).toEqual(new Date(0));
});
