import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputsOf } from '../../application-code/images/outputs';
import { skippedMetadata } from '../../application-code/worker/src/job/skipped-outputs';
import { fakePipeline, PATH, workerRevision } from '../../test/fakes/cli/fake-pipeline';
import { runCommand, tryCommand } from '../../test/fakes/cli/fake-session';

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

  const KEYS = [
    'source/ecsproc/b.png',
    'source/ecsproc/holiday/Été 1.JPG',
    'source/ecsproc/large.tif',
  ];

  test('uploads under the keys of a local run, and runs the scaler once one waits', async () => {
    const { account, buckets, invocations, pipeline } = fakePipeline();
    pipeline.depth = { backlog: 3, inFlight: 0, delayed: 0 };
    const { text } = await runCommand(`upload ${folder}`, { account });
    expect(buckets.objects.keys()).toEqual(KEYS);
    expect(text).toContain('3 files uploaded, 9.0 MiB.');
    expect(invocations).toHaveLength(1);
  });

  test('does not upload again what is there, and uploads what has changed', async () => {
    const { account, buckets, invocations } = fakePipeline();
    await runCommand(`upload ${folder}`, { account });
    buckets.objects.put(KEYS[0] ?? '', 'TWO');
    invocations.length = 0;
    const { text } = await runCommand(`upload ${folder} --json`, { account });
    expect(JSON.parse(text)).toMatchObject({ uploaded: 1, same: 2, leftOut: 0 });
    expect(buckets.objects.text(KEYS[0] ?? '')).toBe('two');
    expect(invocations).toHaveLength(1);
    invocations.length = 0;
    await runCommand(`upload ${folder}`, { account });
    expect(invocations).toEqual([]);
  });

  test('says of what is there already which outputs cannot be made of it', async () => {
    const { account, buckets, pipeline } = fakePipeline();
    const recipe = JSON.stringify([
      { name: 'small', width: 9 },
      { name: 'big', ifImpossible: 'skip' },
    ]);
    pipeline.worker = workerRevision({ RECIPE: recipe });
    const told = await runCommand(`upload ${folder}`, { account });
    expect(told.warnings).not.toContain('cannot be made of it');
    const source = await buckets.look({ bucket: 'source' }, 'ecsproc/b.png');
    const said = skippedMetadata(
      [{ name: 'big', because: 'too large' }],
      outputsOf(JSON.parse(recipe)),
    );
    const metadata = { ...said, 'source-etag': `"${source?.etag}"` };
    buckets.objects.put('destination/processed/small/b.png', 'x', { metadata });
    const { warnings } = await runCommand(`upload ${folder}`, { account });
    expect(warnings).toContain('b.png is there without big, which cannot be made of it.');
    const { text } = await runCommand(`upload ${folder} --json`, { account });
    expect(JSON.parse(text)).toMatchObject({
      same: 3,
      skipped: 1,
      skippedRenditions: [{ file: 'b.png', renditions: ['big'] }],
    });
  });

  test('takes the buckets of the template while no image is promoted', async () => {
    const { account, values, buckets } = fakePipeline();
    values.set(`${PATH}task-definition`, 'none');
    await runCommand(`upload ${folder}`, { account });
    expect(buckets.objects.size).toBe(3);
  });

  test('leaves out what raises no event, and says so', async () => {
    const blueprint = { environments: { dev: { pipelines: { photos: { suffixes: ['.png'] } } } } };
    const { account, buckets } = fakePipeline();
    const { warnings } = await runCommand(`upload ${folder}`, { account, blueprint });
    expect(buckets.objects.keys()).toEqual(['source/ecsproc/b.png']);
    expect(warnings).toContain(
      '2 files were not uploaded, since S3 announces only keys that end in .png',
    );
  });

  test('skips what operating systems leave behind, and says how many', async () => {
    const other = await mkdtemp(join(tmpdir(), 'spillway-upload-'));
    await mkdir(join(other, '__MACOSX'));
    for (const name of ['a.png', '.DS_Store', '._a.png', 'Thumbs.db', '__MACOSX/b.png'])
      await writeFile(join(other, name), 'a');
    const { account, buckets } = fakePipeline();
    const { warnings } = await runCommand(`upload ${other}`, { account });
    expect(buckets.objects.keys()).toEqual(['source/ecsproc/a.png']);
    expect(warnings).toContain('4 files and folders of an operating system');
    await rm(other, { recursive: true });
  });

  test('fails at the end when a file is left out, after all others have gone up', async () => {
    const other = await mkdtemp(join(tmpdir(), 'spillway-upload-'));
    await symlink('/nowhere', join(other, 'dangling'));
    await writeFile(join(other, '\u001b[2J'), 'c');
    await writeFile(join(other, 'a.png'), 'a');
    await writeFile(join(other, 'bad.png'), 'b');
    const { account, buckets } = fakePipeline();
    for (const name of ['bad.png', '\u001b[2J'])
      buckets.refusals.set(`ecsproc/${name}`, new Error('InvalidRequest'));
    const { warnings, error } = await tryCommand(`upload ${other}`, { account });
    expect(warnings).toContain('dangling is a link to something that does not exist');
    expect(warnings).toContain('bad.png was refused by S3 (Error: InvalidRequest).');
    expect(warnings).not.toContain('\u001b');
    expect(warnings).toContain('\\u001b[2J was refused by S3');
    expect(String(error)).toContain('3 files could not be uploaded.');
    expect(buckets.objects.keys()).toEqual(['source/ecsproc/a.png']);
    await rm(other, { recursive: true });
  });

  test('fails with what S3 says when it refuses one file after the other', async () => {
    const other = await mkdtemp(join(tmpdir(), 'spillway-upload-'));
    const { account, buckets } = fakePipeline();
    for (let number = 0; number < 40; number += 1) {
      await writeFile(join(other, `${number}`), 'a');
      buckets.refusals.set(`ecsproc/${number}`, new Error('AccessDenied'));
    }
    const { error } = await tryCommand(`upload ${other}`, { account });
    expect(String(error)).toBe('Error: AccessDenied');
    expect(buckets.calls.filter((call) => call.startsWith('put')).length).toBeLessThan(40);
    await rm(other, { recursive: true });
  });

  test('stops when it is asked to, and says that the same command continues', async () => {
    const { account } = fakePipeline();
    const { error } = await tryCommand(`upload ${folder}`, { account, stop: AbortSignal.abort() });
    expect(error).toMatchObject({
      name: 'InterruptError',
      message: expect.stringContaining('continues from here'),
    });
  });

  test('waits for no event after a request to stop', async () => {
    const { account, buckets, invocations } = fakePipeline();
    const asked = new AbortController();
    let looks = 0;
    const { open } = account.queues;
    account.queues.open = async (name) =>
      Object.assign(await open(name), {
        depth: async () => {
          looks += 1;
          return { backlog: 0, inFlight: 0, delayed: 0 };
        },
      });
    const put = buckets.put.bind(buckets);
    buckets.put = async (...of) => {
      await put(...of);
      asked.abort();
    };
    const { error } = await tryCommand(`upload ${folder}`, { account, stop: asked.signal });
    expect(error).toMatchObject({ name: 'InterruptError' });
    expect([looks, invocations.length]).toEqual([0, 1]);
  });

  test('looks for the events once a second, and for ten seconds at most', async () => {
    const { account, clock } = fakePipeline();
    const before = clock.now;
    const sleeps: number[] = [];
    let last = before;
    const onSleep = () => {
      sleeps.push(clock.now - last);
      last = clock.now;
    };
    await runCommand(`upload ${folder}`, { account, clock, onSleep });
    expect(sleeps).toEqual(Array(10).fill(1_000));
  });

  test('runs the scaler also during a long upload, once a minute', async () => {
    const other = await mkdtemp(join(tmpdir(), 'spillway-upload-'));
    for (let number = 0; number < 20; number += 1) await writeFile(join(other, `${number}`), 'a');
    const { account, buckets, clock, invocations, pipeline } = fakePipeline();
    pipeline.depth = { backlog: 1, inFlight: 0, delayed: 0 };
    const put = buckets.put.bind(buckets);
    buckets.put = async (...of) => {
      await put(...of);
      clock.now += 10_000;
    };
    await runCommand(`upload ${other}`, { account, clock });
    // After 10, 70, 130 and 190 seconds, and at the end.
    expect(invocations).toHaveLength(5);
    await rm(other, { recursive: true });
  });

  test('shows how many files have gone up, and how far a large one is', async () => {
    const { account, buckets } = fakePipeline();
    const put = buckets.put.bind(buckets);
    buckets.put = async (place, key, source, options) => {
      if (key.endsWith('large.tif')) options.onSent(8 * 1_048_576);
      await put(place, key, source, options);
    };
    const { shown } = await runCommand(`upload ${folder}`, { account });
    expect(shown).toContainEqual(expect.stringMatching(/; large\.tif 8\.0 of 9\.0 MiB$/));
    expect(shown.at(-1)).toBe('3 uploaded, 0 there already, 9.0 MiB');
  });

  test.each([
    ['/nowhere/at/all', 'does not exist'],
    [__filename, 'is a file: give the folder'],
  ])('fails on %s', async (path, sentence) => {
    const { error } = await tryCommand(`upload ${path}`, { account: fakePipeline().account });
    expect(error).toMatchObject({ name: 'UsageError', message: expect.stringContaining(sentence) });
  });

  test('fails when there is no task definition that names the buckets', async () => {
    const { account, pipeline } = fakePipeline();
    pipeline.worker = undefined;
    const { error } = await tryCommand(`upload ${folder}`, { account });
    expect(String(error)).toContain('there is no task definition spillway-dev-photos-worker:5');
  });
});
