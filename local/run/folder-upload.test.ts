import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ledger } from '../files/ledger';
import { FolderUpload } from './folder-upload';

test('only files that S3 announces become objects, and the others are counted', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'spillway-folder-upload-'));
  await mkdir(path.join(folder, 'Über uns'));
  const names = ['a.wav', 'b.WAV', 'notes.txt', 'Über uns/c d.wav'];
  for (const name of names) await writeFile(path.join(folder, name), 'x');
  const keys: string[] = [];
  const bucket = { put: async (key: string) => void keys.push(key) };
  const ledger = new Ledger();
  const parts = { folder, ignore: [], sourcePrefix: 'in/', bucket, ledger, keep: false };
  const upload = new FolderUpload({ ...parts, suffixes: ['.wav'] });
  await upload.run();
  await rm(folder, { recursive: true });
  expect(keys.sort()).toEqual(['in/a.wav', 'in/Über uns/c d.wav']);
  expect([upload.unannounced, upload.skipped.count]).toEqual([2, 0]);
});
