import { s3Event } from '../../../test/fakes/worker/events';
import { fileIn } from '../../../test/fakes/worker/fake-parts';
import { WorkerUnderTest } from '../../../test/fakes/worker/worker-under-test';
import { LeftOutFault, TransientFault } from './faults';

let pipeline: WorkerUnderTest;

beforeEach(() => {
  pipeline = new WorkerUnderTest();
  pipeline.dataset = {};
});

const sizes = () => pipeline.parts.map(({ samples }) => samples.length);
const keysIn = () => pipeline.parts.flatMap(({ samples }) => samples.map(({ key }) => key));

describe('a worker that collects samples', () => {
  test('closes a part with its last sample, and what is left when the queue is empty', async () => {
    pipeline.dataset = { limits: { samples: 4 } };
    pipeline.enqueue(10);
    pipeline.start();
    await pipeline.clock.advance(60);
    expect(sizes()).toEqual([4, 4, 2]);
    expect([...keysIn()].sort()).toEqual([...Array(10).keys()].map((one) => `ecsproc/${one}`));
    expect([pipeline.queue.size, pipeline.end?.reason]).toEqual([0, 'idle']);
    expect(pipeline.files.left.size).toBe(0);
  });

  test('acknowledges a message when its part has its index, and keeps it until then', async () => {
    pipeline.enqueue(10);
    pipeline.start({ idleExitSeconds: 600 });
    await pipeline.clock.advance(299);
    expect([sizes(), pipeline.queue.size, pipeline.queue.visible]).toEqual([[], 10, 0]);
    expect(pipeline.outcomes).toEqual([]);
    await pipeline.clock.advance(2);
    expect([sizes(), pipeline.queue.size]).toEqual([[10], 0]);
    expect(pipeline.outcomes).toEqual(Array(10).fill('done'));
    expect(pipeline.linesOf('part')).toMatchObject([{ samples: 10, because: 'seconds' }]);
  });

  test('closes a part whose size is reached', async () => {
    pipeline.dataset = { limits: { bytes: 5_000 } };
    pipeline.enqueue(4);
    pipeline.start();
    await pipeline.clock.advance(60);
    // A sample of two small files has 2,048 bytes: two headers and two contents.
    expect(sizes()).toEqual([3, 1]);
  });

  test('keeps no slot while samples wait: another job is done at once', async () => {
    pipeline.enqueue(9);
    pipeline.start({ jobConcurrency: 1 });
    await pipeline.clock.advance(5);
    expect([pipeline.sources.opened.length, sizes()]).toEqual([9, []]);
  });

  test('says of a sample where it lies, and what it was made of', async () => {
    pipeline.sources.put('ecsproc/cats/felix.jpg', 'a cat');
    pipeline.queue.send(s3Event('ecsproc/cats/felix.jpg'));
    pipeline.dataset = { label: 'folder' };
    pipeline.start();
    await pipeline.clock.advance(60);
    const [part] = pipeline.parts;
    const [row] = part?.samples ?? [];
    if (!part || !row) throw new Error('There is no sample.');
    expect(part.header).toMatchObject({ samples: 1, leftOut: 0, bytes: part.tar.length });
    expect(row).toMatchObject({
      ...{ key: 'ecsproc/cats/felix.jpg', sample: 'cats/felix%2Ejpg', label: 'cats' },
      ...{ eTag: '"v1"', sourceBytes: 5, offset: 0, length: 2_048 },
      files: [{ extension: 'png', bytes: 5 }, { extension: 'json' }],
    });
    expect(fileIn(part, row, 'png').toString()).toBe('a cat');
    expect(JSON.parse(fileIn(part, row, 'json').toString())).toMatchObject({
      ...{ key: row.key, label: 'cats', eTag: '"v1"', sourceBytes: 5 },
    });
    expect(pipeline.linesOf('job')).toMatchObject([{ outcome: 'done', sample: row.sample }]);
  });

  test('has a sample of each version that it read; the newest one comes by its event', async () => {
    pipeline.enqueue(1);
    let isFirst = true;
    pipeline.processor.during = () => {
      if (!isFirst) return;
      isFirst = false;
      pipeline.sources.put('ecsproc/0', 'newer');
      pipeline.queue.send(s3Event('ecsproc/0'));
    };
    pipeline.start();
    await pipeline.clock.advance(60);
    expect(pipeline.parts.flatMap(({ samples }) => samples.map(({ eTag }) => eTag))).toEqual([
      '"v1"',
      '"v2"',
    ]);
  });

  test('writes a message that was received before in a part of its own, at once', async () => {
    pipeline.enqueue(3);
    pipeline.sources.put('ecsproc/again', 'body');
    pipeline.queue.send(s3Event('ecsproc/again'), 1);
    pipeline.start({ idleExitSeconds: 600 });
    await pipeline.clock.advance(5);
    expect([keysIn(), pipeline.queue.size]).toEqual([['ecsproc/again'], 3]);
    expect(pipeline.linesOf('part')).toMatchObject([{ samples: 1, because: 'redelivery' }]);
  });
});

describe('what a dataset does without', () => {
  test('is a row with its reason where the recipe leaves a source out', async () => {
    pipeline.enqueue(2);
    pipeline.processor.during = ({ key }) => {
      if (key.endsWith('0')) throw new LeftOutFault('Internal', 'It is too small.', 's');
    };
    pipeline.start();
    await pipeline.clock.advance(60);
    const [part] = pipeline.parts;
    expect(part?.leftOut).toMatchObject([
      { key: 'ecsproc/0', leftOut: { output: 's', because: 'It is too small.' } },
    ]);
    expect([part?.samples.length, pipeline.queue.size]).toEqual([1, 0]);
    expect(pipeline.deadLetters.letters).toEqual([]);
    expect([...pipeline.outcomes].sort()).toEqual(['done', 'left-out']);
  });

  test('is a source with more bytes than are taken', async () => {
    pipeline.sources.put('ecsproc/large', Buffer.alloc(1_001));
    pipeline.queue.send(s3Event('ecsproc/large'));
    pipeline.start();
    await pipeline.clock.advance(60);
    const because = expect.stringContaining('1001 bytes, but at most 1000 are taken');
    expect(pipeline.parts).toMatchObject([{ leftOut: [{ leftOut: { output: 's', because } }] }]);
    expect(pipeline.deadLetters.letters).toEqual([]);
  });

  test('is a part of rows alone, where every source is left out', async () => {
    pipeline.enqueue(1);
    pipeline.processor.during = () => {
      throw new LeftOutFault('Internal', 'It is too small.', 's');
    };
    pipeline.start();
    await pipeline.clock.advance(60);
    expect(pipeline.parts).toMatchObject([{ header: { samples: 0, leftOut: 1, bytes: 1024 } }]);
    expect(pipeline.queue.size).toBe(0);
  });

  test('fails when a pattern finds no label: the letter has key and pattern', async () => {
    pipeline.enqueue(1);
    pipeline.dataset = { label: '^(cat|dog)/' };
    pipeline.start();
    await pipeline.clock.advance(60);
    expect(pipeline.deadLetters.letters).toMatchObject([{ attributes: { FaultCode: 'NoLabel' } }]);
    expect(pipeline.deadLetters.letters[0]?.attributes.FaultMessage).toContain(
      'a label in "0", the key below the source prefix, but the pattern ^(cat|dog)/ finds none',
    );
    expect([pipeline.sources.opened, pipeline.parts]).toEqual([[], []]);
  });

  test('is a sample for which the disk has no room: its job is tried again', async () => {
    pipeline.files.errors.push(new TransientFault('ResourcesExhausted', 'ENOSPC'));
    pipeline.enqueue(3);
    pipeline.start();
    await pipeline.clock.advance(60);
    expect([...keysIn()].sort()).toEqual(['ecsproc/0', 'ecsproc/1', 'ecsproc/2']);
    expect(pipeline.linesOf('job')[0]).toMatchObject({
      ...{ outcome: 'released', faultCode: 'ResourcesExhausted' },
    });
  });
});

test('the summary of a job limit has every sample: the last part is written first', async () => {
  pipeline.enqueue(7);
  pipeline.start({ jobLimit: 5 });
  await pipeline.clock.advance(10);
  expect([pipeline.end?.reason, sizes(), pipeline.queue.size]).toEqual(['job-limit', [5], 2]);
  expect(pipeline.tally.counts).toMatchObject({ parts: 1, outcomes: { done: 5 } });
});
