import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskFault, LocalPartFiles } from './part-file';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'part-file-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

test('a part file has its pieces one after the other, from memory and from files', async () => {
  const large = Buffer.alloc(300_000, 'large');
  writeFileSync(join(folder, 'output'), large);
  const file = await new LocalPartFiles(folder).create('part-1');
  await file.append([Buffer.from('a'), { file: join(folder, 'output') }, Buffer.from('b')]);
  await file.append([]);
  await file.append([Buffer.from('c')]);
  const { body, bytes, sha256: digest } = await file.finish();
  const whole = Buffer.concat([Buffer.from('a'), large, Buffer.from('bc')]);
  expect(readFileSync((body as { file: string }).file).equals(whole)).toBe(true);
  expect([bytes, digest]).toEqual([whole.length, sha256(whole)]);
  await file.remove();
  expect(readdirSync(folder)).toEqual(['output']);
});

test('what a failed piece has left in a part file is not part of it', async () => {
  const file = await new LocalPartFiles(folder).create('part-1');
  await file.append([Buffer.from('first')]);
  const gone = { file: join(folder, 'gone') };
  const failing = file.append([Buffer.from('a long beginning'), gone]);
  await expect(failing).rejects.toMatchObject({ code: 'ENOENT' });
  await file.append([Buffer.from('+')]);
  const { body, bytes, sha256: digest } = await file.finish();
  const left = readFileSync((body as { file: string }).file);
  expect([left.toString(), bytes, digest]).toEqual(['first+', 6, sha256(Buffer.from('first+'))]);
  await file.remove();
});

test('fails when a file of that name is there: two parts never share one', async () => {
  const files = new LocalPartFiles(folder);
  const file = await files.create('part-1');
  await expect(files.create('part-1')).rejects.toMatchObject({ code: 'EEXIST' });
  await file.remove();
});

test('a disk that is full is a fault that may pass, and says what to do about it', () => {
  const error = Object.assign(new Error('write'), { code: 'ENOSPC' });
  expect(diskFault(error, '/scratch')).toMatchObject({
    ...{ code: 'ResourcesExhausted', name: 'TransientFault', cause: error },
    message: expect.stringMatching(/in \/scratch \(ENOSPC\); give the task more ephemeral storage/),
  });
  expect(diskFault(new TypeError('other'), '/scratch')).toBeInstanceOf(TypeError);
});
