import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATH, pipelineDouble } from '../pipeline-double';
import { runCommand, tryCommand } from '../session-double';

describe('spillway upload', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-upload-'));
    await mkdir(join(folder, 'holiday'));
    await writeFile(join(folder, 'holiday', 'Été 1.JPG'), 'one');
    await writeFile(join(folder, 'b.png'), 'two');
    await writeFile(join(folder, 'large.tif'), Buffer.alloc(9 * 1_048_576, 'x'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const KEYS = ['source/ecsproc/b.png', 'source/ecsproc/holiday/Été 1.JPG', 'source/ecsproc/large.tif'];

  test('uploads every file under the keys of a local run, and runs the scaler once the queue has seen it', async () => {
    const { account, buckets, kicks, world } = pipelineDouble();
    world.depth = { backlog: 3, inFlight: 0, delayed: 0 };
    const { text } = await runCommand(`upload ${folder}`, { account });
    expect([...buckets.objects.keys()].sort()).toEqual(KEYS);
    expect(text).toContain('3 files uploaded, 9.0 MiB.');
    expect(kicks).toHaveLength(1);
  });

  test('does not upload again what is there, and uploads what has changed', async () => {
    const { account, buckets, kicks } = pipelineDouble();
    await runCommand(`upload ${folder}`, { account });
    buckets.objects.set(KEYS[0] ?? '', Buffer.from('TWO'));
    kicks.length = 0;
    const { text } = await runCommand(`upload ${folder} --json`, { account });
    expect(JSON.parse(text)).toMatchObject({ uploaded: 1, same: 2, leftOut: 0 });
    expect(buckets.objects.get(KEYS[0] ?? '')?.toString()).toBe('two');
    expect(kicks).toHaveLength(1);
    kicks.length = 0;
    await runCommand(`upload ${folder}`, { account });
    expect(kicks).toEqual([]);
  });

  test('takes the buckets of the template while no image is promoted', async () => {
    const { account, values, buckets } = pipelineDouble();
    values.set(`${PATH}task-definition`, 'none');
    await runCommand(`upload ${folder}`, { account });
    expect(buckets.objects.size).toBe(3);
  });

  test('leaves out what raises no event, and says so', async () => {
    const blueprint = { environments: { dev: { pipelines: { photos: { suffixes: ['.png'] } } } } };
    const { account, buckets } = pipelineDouble();
    const { notes } = await runCommand(`upload ${folder}`, { account, blueprint });
    expect([...buckets.objects.keys()]).toEqual(['source/ecsproc/b.png']);
    expect(notes).toContain('2 files were not uploaded, since S3 announces only keys that end in .png');
  });

  test('fails at the end when a file is left out, after all others have gone up', async () => {
    const other = await mkdtemp(join(tmpdir(), 'spillway-upload-'));
    await symlink('/nowhere', join(other, 'dangling'));
    await writeFile(join(other, 'a.png'), 'a');
    await writeFile(join(other, 'bad.png'), 'b');
    const { account, buckets } = pipelineDouble();
    buckets.refusals.set('ecsproc/bad.png', new Error('InvalidRequest'));
    const { notes, error } = await tryCommand(`upload ${other}`, { account });
    expect(notes).toContain('dangling is a link to something that does not exist');
    expect(notes).toContain('bad.png was refused by S3 (Error: InvalidRequest).');
    expect(String(error)).toContain('2 files could not be uploaded.');
    expect([...buckets.objects.keys()]).toEqual(['source/ecsproc/a.png']);
    await rm(other, { recursive: true });
  });

  test('fails with what S3 says when it refuses one file after the other', async () => {
    const other = await mkdtemp(join(tmpdir(), 'spillway-upload-'));
    const { account, buckets } = pipelineDouble();
    for (let number = 0; number < 40; number += 1) {
      await writeFile(join(other, `${number}`), 'a');
      buckets.refusals.set(`ecsproc/${number}`, new Error('AccessDenied'));
    }
    const { error } = await tryCommand(`upload ${other}`, { account });
    expect(String(error)).toBe('Error: AccessDenied');
    expect(buckets.calls.filter((call) => call.startsWith('put')).length).toBeLessThan(40);
    await rm(other, { recursive: true });
  });

  test('stops when it is asked to, and says that the same command goes on', async () => {
    const { account } = pipelineDouble();
    const { error } = await tryCommand(`upload ${folder}`, { account, stop: AbortSignal.abort() });
    expect(error).toMatchObject({ name: 'Stopped', message: expect.stringContaining('goes on from here') });
  });

  test.each([
    ['/nowhere/at/all', 'does not exist'],
    [__filename, 'is a file: give the folder'],
  ])('fails on %s', async (path, sentence) => {
    const { error } = await tryCommand(`upload ${path}`, { account: pipelineDouble().account });
    expect(error).toMatchObject({ name: 'UsageError', message: expect.stringContaining(sentence) });
  });

  test('fails when there is no task definition that names the buckets', async () => {
    const { account, world } = pipelineDouble();
    world.worker = undefined;
    const { error } = await tryCommand(`upload ${folder}`, { account });
    expect(String(error)).toContain('there is no task definition spillway-dev-photos-worker:5');
  });
});
