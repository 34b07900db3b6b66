import { FakeClock } from '../../../../test/fakes/clock';
import { s3Event } from '../../../../test/fakes/worker/events';
import {
  deliveryFacts,
  FakeOutputs,
  FakeProcessor,
  FakeSources,
  planOf,
} from '../../../../test/fakes/worker/fake-buckets';
import { Interruption, OwnFault, PermanentFault, TransientFault } from '../faults';
import { type JobSettings, runJob } from './job';
import { readMessage } from './messages';
import { MAX_UNREAD_MILLISECONDS } from './opened-source';
import { recipeHash } from './recipe-hash';
import { skippedNames } from './skipped-outputs';

const settings: JobSettings = {
  sourceBucket: 'photos',
  sourcePrefix: 'ecsproc/',
  destinationPrefix: 'processed/',
  outputs: [
    planOf('small'),
    planOf('large', { pathOf: (path) => `${path}.webp`, isOptional: true }),
  ],
  maxSourceBytes: 100,
};

let sources: FakeSources;
let destination: FakeOutputs;
let processor: FakeProcessor;
let clock: FakeClock;
let job: AbortController;

beforeEach(() => {
  sources = new FakeSources();
  destination = new FakeOutputs();
  processor = new FakeProcessor(['small', 'large']);
  clock = new FakeClock();
  job = new AbortController();
  sources.put('ecsproc/a.png', 'first');
});

const run = (...keys: string[]) =>
  runJob(readMessage(s3Event(...keys), settings), {
    settings,
    ports: { sources, destination, processor, clock },
    signal: job.signal,
    delivery: deliveryFacts(),
    onWrite: () => undefined,
  });
const runOne = async () => (await run('ecsproc/a.png'))[0];
const writtenBody = () => destination.written.text('processed/small/a.png');

describe('runJob', () => {
  test('writes every rendition with the ETag of its source and says what it measured', async () => {
    expect(await runOne()).toEqual({
      outcome: 'done',
      key: 'ecsproc/a.png',
      renditions: ['processed/small/a.png', 'processed/large/a.png.webp'],
      bytes: 5,
      figures: { pixels: 6 },
      phases: { wait: 1, read: 2, render: 3, write: 0 },
    });
    expect(destination.written.keys()).toEqual([
      'processed/large/a.png.webp',
      'processed/small/a.png',
    ]);
    const { metadata } = destination.written.get('processed/small/a.png') ?? {};
    expect(metadata?.['source-etag']).toBe('"v1"');
    expect(processor.held).toBe(0);
  });

  test('writes the hash of its settings into the metadata of each output', async () => {
    await runOne();
    const hashOf = (key: string) => destination.written.get(key)?.metadata['recipe-hash'];
    const hashes = ['processed/small/a.png', 'processed/large/a.png.webp'].map(hashOf);
    expect(hashes).toEqual(settings.outputs.map(recipeHash));
  });

  test('skips an impossible output, in the result and in the metadata of the others', async () => {
    processor = new FakeProcessor(['small']);
    processor.skipped = [{ name: 'large', because: 'rendition large would be 20000 × 10 pixels' }];
    expect(await runOne()).toMatchObject({
      outcome: 'done',
      renditions: ['processed/small/a.png'],
      skipped: processor.skipped,
    });
    const { metadata = {} } = destination.written.get('processed/small/a.png') ?? {};
    expect(skippedNames(metadata, settings.outputs)).toEqual(['large']);
    expect(metadata['skipped-because']).toBe('rendition large would be 20000 x 10 pixels');
  });

  test.each([
    ['is neither made nor skipped', ['small'], [], 'left out large and made none twice'],
    ['is made twice in place of another', ['small', 'small'], [], 'left out large and made small'],
    ['is skipped though it is not optional', ['large'], ['small'], 'left out small and made none'],
  ])('fails when an output %s, and writes nothing', async (_, made, skipped, says) => {
    processor = new FakeProcessor(made);
    processor.skipped = skipped.map((name) => ({ name, because: 'too large' }));
    const message = expect.stringContaining(says);
    expect(await runOne()).toMatchObject({
      outcome: 'failed',
      fault: { code: 'Internal', message },
    });
    expect([destination.writes, processor.held]).toEqual([0, 0]);
  });

  test('starts over when the source changed meanwhile, and ends on the newest', async () => {
    let renders = 0;
    processor.during = () => {
      renders += 1;
      if (renders === 1) sources.put('ecsproc/a.png', 'second');
    };
    expect(await runOne()).toMatchObject({ outcome: 'done', bytes: 6 });
    expect([renders, writtenBody()]).toEqual([2, 'second']);
  });

  test('fails when the source keeps changing', async () => {
    processor.during = () => sources.put('ecsproc/a.png', 'another');
    const fault = expect.objectContaining({ code: 'SourceKeepsChanging' });
    expect(await runOne()).toMatchObject({ outcome: 'failed', fault });
    expect(processor.held).toBe(0);
  });

  test.each([
    ['before the job', () => sources.delete('ecsproc/a.png')],
    ['during the job', () => (processor.during = () => sources.delete('ecsproc/a.png'))],
  ])('finds a source gone that was deleted %s', async (_when, arrange) => {
    arrange();
    expect(await runOne()).toEqual({ outcome: 'gone', key: 'ecsproc/a.png' });
  });

  test('opens the source again when the processor reads it again', async () => {
    processor.during = async (source) => void (await source.read());
    expect(await runOne()).toMatchObject({ outcome: 'done' });
    expect(sources.opened).toEqual(['ecsproc/a.png', 'ecsproc/a.png']);
  });

  test.each([
    ['reads the open response', MAX_UNREAD_MILLISECONDS, 1],
    ['opens the source again', MAX_UNREAD_MILLISECONDS + 1, 2],
  ])('%s that has waited %i milliseconds', async (_what, waited, opened) => {
    const { process } = processor;
    processor.process = async (source, signal) => {
      await clock.advance(waited / 1000);
      return process.call(processor, source, signal);
    };
    expect(await runOne()).toMatchObject({ outcome: 'done' });
    expect(sources.opened).toHaveLength(opened);
  });

  test('starts over when the version that is opened again is another one', async () => {
    let isFirst = true;
    processor.during = async (source) => {
      if (!isFirst) return;
      isFirst = false;
      sources.put('ecsproc/a.png', 'second');
      await source.read();
    };
    expect(await runOne()).toMatchObject({ outcome: 'done', bytes: 6 });
    expect([writtenBody(), destination.writes]).toEqual(['second', 2]);
  });

  test.each([
    ['EmptySource', ''],
    ['TooManyBytes', 'x'.repeat(101)],
  ])('fails when the headers say it is no use: %s, without a render', async (code, body) => {
    sources.put('ecsproc/a.png', body);
    processor.process = () => Promise.reject(new Error('rendered'));
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

  test('fails when an output is not written, and releases the memory', async () => {
    destination.error = new TransientFault('DestinationUnavailable', 'no');
    expect(await runOne()).toMatchObject({ outcome: 'failed', fault: destination.error });
    expect(processor.held).toBe(0);
  });

  test('fails for an unexpected error, as a transient fault', async () => {
    processor.process = () => Promise.reject(new TypeError('x is not a function'));
    const result = await runOne();
    expect(result).toMatchObject({ outcome: 'failed', fault: expect.any(TransientFault) });
    expect(result).toMatchObject({
      fault: { code: 'Internal', message: 'TypeError: x is not a function' },
    });
  });

  test('writes nothing after it was cancelled, and says why', async () => {
    processor.during = () => job.abort(new Interruption('lost'));
    expect(await runOne()).toMatchObject({ outcome: 'interrupted', because: 'lost' });
    expect([destination.written.size, processor.held]).toEqual([0, 0]);
  });

  test('fails with the fault for which it was cancelled', async () => {
    const fault = new TransientFault('JobTimeout', 'late');
    processor.during = () => job.abort(fault);
    expect(await runOne()).toMatchObject({ outcome: 'failed', fault });
  });

  test("fails with the workload's own fault when that knows better", async () => {
    const fault = new OwnFault('JobTimeout', 'The program hangs.');
    processor.during = () => {
      job.abort(new TransientFault('JobTimeout', 'late'));
      throw fault;
    };
    expect(await runOne()).toMatchObject({ outcome: 'failed', fault });
  });

  test('does the other sources of a message when one of them fails', async () => {
    sources.put('ecsproc/b.png', 'b');
    const results = await run('ecsproc/missing', 'elsewhere/c', 'ecsproc/b.png');
    expect(results.map(({ outcome }) => outcome)).toEqual(['gone', 'failed', 'done']);
    expect(results[1]).toMatchObject({ fault: expect.any(PermanentFault) });
  });
});
