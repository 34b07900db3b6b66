import { s3Event } from '../../../../test/fakes/worker/events';
import {
  FakeRenderer,
  FakeRenditions,
  FakeSources,
} from '../../../../test/fakes/worker/fake-buckets';
import { FakeClock } from '../../../../test/fakes/worker/fake-clock';
import { PermanentFault, TransientFault } from '../faults';
import { Interruption, type JobSettings, runJob } from './job';
import { MAX_UNREAD_MILLISECONDS } from './opened-source';
import { recipeHash } from './recipe-hash';
import { skippedNames } from './skipped-renditions';

const settings: JobSettings = {
  sourceBucket: 'photos',
  sourcePrefix: 'ecsproc/',
  destinationPrefix: 'processed/',
  recipe: [{ name: 'small' }, { name: 'large', format: 'webp' }],
  maxSourceBytes: 100,
};

let sources: FakeSources;
let renditions: FakeRenditions;
let renderer: FakeRenderer;
let clock: FakeClock;
let job: AbortController;

beforeEach(() => {
  sources = new FakeSources();
  renditions = new FakeRenditions();
  renderer = new FakeRenderer(['small', 'large']);
  clock = new FakeClock();
  job = new AbortController();
  sources.put('ecsproc/a.png', 'first');
});

const run = (...keys: string[]) =>
  runJob(s3Event(...keys), settings, { sources, renditions, renderer, clock }, job.signal);
const runOne = async () => (await run('ecsproc/a.png'))[0];
const writtenBody = () => renditions.written.get('processed/small/a.png')?.body.toString();

describe('runJob', () => {
  test('writes every rendition with the ETag of its source and says what it measured', async () => {
    expect(await runOne()).toEqual({
      outcome: 'done',
      key: 'ecsproc/a.png',
      renditions: ['processed/small/a.png', 'processed/large/a.png.webp'],
      bytes: 5,
      pixels: 6,
      phases: { wait: 1, read: 2, render: 3, write: 0 },
    });
    expect([...renditions.written.keys()]).toEqual([
      'processed/small/a.png',
      'processed/large/a.png.webp',
    ]);
    expect(renditions.written.get('processed/small/a.png')?.sourceETag).toBe('"v1"');
    expect(renderer.held).toBe(0);
  });

  test('writes into the metadata of each rendition the hash of the settings that it was made by', async () => {
    await runOne();
    const hashes = [...renditions.written.values()].map(({ metadata }) => metadata['recipe-hash']);
    expect(hashes).toEqual(settings.recipe.map(recipeHash));
  });

  test('does without a rendition that cannot be made, and says so in the result and in the metadata of the others', async () => {
    renderer = new FakeRenderer(['small']);
    renderer.skipped = [{ name: 'large', because: 'rendition large would be 20000 × 10 pixels' }];
    expect(await runOne()).toMatchObject({
      outcome: 'done',
      renditions: ['processed/small/a.png'],
      skipped: renderer.skipped,
    });
    const { metadata = {} } = renditions.written.get('processed/small/a.png') ?? {};
    const recipe = settings.recipe.map((spec) => ({ ...spec, ifImpossible: 'skip' as const }));
    expect(skippedNames(metadata, recipe)).toEqual(['large']);
    expect(metadata['skipped-because']).toBe('rendition large would be 20000 x 10 pixels');
  });

  test('fails when a rendition is neither made nor skipped', async () => {
    renderer = new FakeRenderer(['small']);
    expect(await runOne()).toMatchObject({ outcome: 'failed', fault: { code: 'Internal' } });
  });

  test('starts over when the source changed meanwhile, and ends on the newest', async () => {
    let renders = 0;
    renderer.during = () => {
      renders += 1;
      if (renders === 1) sources.put('ecsproc/a.png', 'second');
    };
    expect(await runOne()).toMatchObject({ outcome: 'done', bytes: 6 });
    expect([renders, writtenBody()]).toEqual([2, 'second']);
  });

  test('fails when the source keeps changing', async () => {
    renderer.during = () => sources.put('ecsproc/a.png', 'another');
    const fault = expect.objectContaining({ code: 'SourceKeepsChanging' });
    expect(await runOne()).toMatchObject({ outcome: 'failed', fault });
    expect(renderer.held).toBe(0);
  });

  test.each([
    ['before the job', () => sources.delete('ecsproc/a.png')],
    ['during the job', () => (renderer.during = () => sources.delete('ecsproc/a.png'))],
  ])('finds a source gone that was deleted %s', async (_when, arrange) => {
    arrange();
    expect(await runOne()).toEqual({ outcome: 'gone', key: 'ecsproc/a.png' });
  });

  test('opens the source again when the renderer downloads again', async () => {
    renderer.during = async ({ download }) => void (await download());
    expect(await runOne()).toMatchObject({ outcome: 'done' });
    expect(sources.opened).toEqual(['ecsproc/a.png', 'ecsproc/a.png']);
  });

  test.each([
    ['reads the open response', MAX_UNREAD_MILLISECONDS, 1],
    ['opens the source again', MAX_UNREAD_MILLISECONDS + 1, 2],
  ])('%s that has waited %i milliseconds', async (_what, waited, opened) => {
    const { render } = renderer;
    renderer.render = async (request) => {
      await clock.advance(waited / 1000);
      return render.call(renderer, request);
    };
    expect(await runOne()).toMatchObject({ outcome: 'done' });
    expect(sources.opened).toHaveLength(opened);
  });

  test('starts over when the version that is opened again is another one', async () => {
    let isFirst = true;
    renderer.during = async ({ download }) => {
      if (!isFirst) return;
      isFirst = false;
      sources.put('ecsproc/a.png', 'second');
      await download();
    };
    expect(await runOne()).toMatchObject({ outcome: 'done', bytes: 6 });
    expect([writtenBody(), renditions.writes]).toEqual(['second', 2]);
  });

  test.each([
    ['EmptySource', ''],
    ['TooManyBytes', 'x'.repeat(101)],
  ])('fails when the headers say it is no use: %s, without a render', async (code, body) => {
    sources.put('ecsproc/a.png', body);
    renderer.render = () => Promise.reject(new Error('rendered'));
    expect(await runOne()).toMatchObject({
      outcome: 'failed',
      fault: expect.objectContaining({ code }),
    });
    expect(sources.discarded).toBe(1);
  });

  test('fails when a key would be too long, before the source is opened', async () => {
    const [result] = await run(`ecsproc/${'k'.repeat(1010)}`);
    expect(result).toMatchObject({
      outcome: 'failed',
      fault: expect.objectContaining({ code: 'KeyTooLong' }),
    });
    expect(sources.opened).toEqual([]);
  });

  test('fails when a rendition is not written, and gives the memory back', async () => {
    renditions.error = new TransientFault('DestinationUnavailable', 'no');
    expect(await runOne()).toMatchObject({ outcome: 'failed', fault: renditions.error });
    expect(renderer.held).toBe(0);
  });

  test('fails when something happens that nobody foresaw, as a transient fault', async () => {
    renderer.render = () => Promise.reject(new TypeError('x is not a function'));
    const result = await runOne();
    expect(result).toMatchObject({ outcome: 'failed', fault: expect.any(TransientFault) });
    expect(result).toMatchObject({
      fault: { code: 'Internal', message: 'TypeError: x is not a function' },
    });
  });

  test('writes nothing after it was called off, and says by what', async () => {
    renderer.during = () => job.abort(new Interruption('lost'));
    expect(await runOne()).toMatchObject({ outcome: 'interrupted', because: 'lost' });
    expect([renditions.written.size, renderer.held]).toEqual([0, 0]);
  });

  test('fails with the fault for which it was called off', async () => {
    const fault = new TransientFault('JobTimeout', 'late');
    renderer.during = () => job.abort(fault);
    expect(await runOne()).toMatchObject({ outcome: 'failed', fault });
  });

  test('does the other sources of a message when one of them fails', async () => {
    sources.put('ecsproc/b.png', 'b');
    const results = await run('ecsproc/missing', 'elsewhere/c', 'ecsproc/b.png');
    expect(results.map(({ outcome }) => outcome)).toEqual(['gone', 'failed', 'done']);
    expect(results[1]).toMatchObject({ fault: expect.any(PermanentFault) });
  });
});
