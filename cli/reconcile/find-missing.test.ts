import fc from 'fast-check';
import { outputsOf } from '../../application-code/images/outputs';
import { skippedMetadata } from '../../application-code/worker/src/job/skipped-outputs';
import { etagOf } from '../../test/fakes/bucket';
import { type FakeBuckets, fakeBuckets } from '../../test/fakes/cli/fake-buckets';
import { complete, found, NOW, put, worker } from '../../test/fakes/cli/found-missing';
import type { DeployedWorker } from '../target/deployed-worker';
import { findMissing } from './find-missing';
import { compareKeys } from './output-cursor';

describe('findMissing', () => {
  let buckets: FakeBuckets;
  beforeEach(() => {
    buckets = fakeBuckets(() => NOW);
  });

  test('names what lacks which output', async () => {
    for (const path of ['a.jpg', 'b.jpg', 'c/d.jpg', 'e.jpg']) put(buckets, `source/in/${path}`);
    complete(buckets, 'a.jpg');
    complete(buckets, 'c/d.jpg', ['web']);
    complete(buckets, 'e.jpg');
    expect((await found(buckets)).missing).toEqual({
      'in/b.jpg': ['small', 'web'],
      'in/c/d.jpg': ['small'],
    });
  });

  test('reads each listing once and looks at no object when nothing is missing', async () => {
    for (let number = 0; number < 500; number += 1) {
      put(buckets, `source/in/${number}.jpg`);
      complete(buckets, `${number}.jpg`);
    }
    expect((await found(buckets)).missing).toEqual({});
    expect(buckets.calls).toEqual([
      'list source in/ ',
      'list destination out/small/ ',
      'list destination out/web/ ',
    ]);
  });

  test('is not led astray by an extension that changes the order', async () => {
    for (const path of ['a', 'a!', 'a-1', 'a.b']) {
      put(buckets, `source/in/${path}`);
      complete(buckets, path);
    }
    expect((await found(buckets)).missing).toEqual({});
  });

  describe('an output that was skipped', () => {
    const outputs = outputsOf([
      { name: 'small', width: 1 },
      { name: 'big', width: 9, ifImpossible: 'skip' },
    ]);
    const skipping = { worker: { ...worker, outputs } };
    const says = (of: DeployedWorker['outputs'], body = 'x') => {
      put(buckets, 'source/in/a.jpg');
      const said = skippedMetadata([{ name: 'big', because: 'too large' }], of);
      const metadata = { ...said, 'source-etag': `"${etagOf(body)}"` };
      buckets.objects.put('destination/out/small/a.jpg', 'x', { metadata });
    };

    test('is not missing', async () => {
      says(outputs);
      expect(await found(buckets, skipping)).toMatchObject({
        missing: {},
        skipped: { 'in/a.jpg': ['big'] },
      });
    });

    test.each([
      ['the sibling is of another version', () => says(outputs, 'y')],
      [
        'its settings have changed since',
        () => says(outputsOf([{ name: 'big', width: 8, ifImpossible: 'skip' }])),
      ],
      ['nothing says so', () => put(buckets, 'destination/out/small/a.jpg')],
    ])('is missing when %s', async (_, change) => {
      says(outputs);
      change();
      expect((await found(buckets, skipping)).missing).toEqual({ 'in/a.jpg': ['big'] });
    });

    test('is missing when the recipe does not do without it', async () => {
      says(outputs);
      const strict = {
        worker: {
          ...worker,
          outputs: outputsOf([
            { name: 'small', width: 1 },
            { name: 'big', width: 9 },
          ]),
        },
      };
      expect((await found(buckets, strict)).missing).toEqual({ 'in/a.jpg': ['big'] });
    });
  });

  test('takes an output that is older than its source for missing', async () => {
    put(buckets, 'source/in/a.jpg', NOW);
    complete(buckets, 'a.jpg');
    buckets.objects.change('destination/out/small/a.jpg', { modifiedAt: NOW - 1 });
    expect((await found(buckets)).missing).toEqual({ 'in/a.jpg': ['small'] });
  });

  test.each([
    ['a folder marker', 'in/folder/', '', {}],
    ['a key without an ending that is announced', 'in/a.txt', 'x', { suffixes: ['.jpg'] }],
    ['what was written after the time that was asked for', 'in/a.jpg', 'x', { until: NOW - 1 }],
    [
      'an output in the same bucket',
      'in/out/a.jpg',
      'x',
      { worker: { ...worker, destination: worker.source, destinationPrefix: 'in/out/' } },
    ],
  ])('skips %s', async (_title, key, body, more) => {
    put(buckets, `source/${key}`, NOW, body);
    expect(await found(buckets, more)).toMatchObject({ missing: {}, seen: [key] });
  });

  test('looks once for a missing output, of sixteen objects at a time, in order', async () => {
    const COUNT = 64;
    for (let number = 100; number < 100 + COUNT; number += 1)
      put(buckets, `source/in/${number}.jpg`);
    const waiting: (() => void)[] = [];
    let looks = 0;
    buckets.look = async () => {
      looks += 1;
      await new Promise<void>((answer) => {
        waiting.push(answer);
        // The last one that was asked is the first one to answer.
        if (waiting.length === 16) for (const one of waiting.splice(0).reverse()) one();
      });
      return undefined;
    };
    const { missing, seen } = await found(buckets);
    expect(looks).toBe(2 * COUNT);
    expect(seen).toEqual([...seen].sort());
    expect(Object.keys(missing)).toHaveLength(COUNT);
  });

  test('fails at the object whose look fails, after all before it', async () => {
    for (const path of ['a.jpg', 'b.jpg', 'c.jpg']) put(buckets, `source/in/${path}`);
    buckets.look = async (_place, key) => {
      if (key.includes('b.jpg')) throw new Error('gone');
      return undefined;
    };
    const seen: string[] = [];
    const looking = async () => {
      for await (const { key } of findMissing({ buckets, worker, suffixes: [], until: NOW }))
        seen.push(key);
    };
    await expect(looking()).rejects.toThrow('gone');
    expect(seen).toEqual(['in/a.jpg']);
  });

  test('says why an object can have no output at all', async () => {
    const key = `in/${'x'.repeat(1_020)}`;
    put(buckets, `source/${key}`);
    const looks = findMissing({ buckets, worker, suffixes: [], until: NOW });
    const { value } = await looks.next();
    expect(value?.missing?.fault).toContain('S3 takes at most 1024');
  });

  test('finds exactly what is missing, whatever the keys, from wherever it begins', async () => {
    const name = fc.string({
      unit: fc.constantFrom('a', 'b', '!', '.', '-', '/', 'é', '\uffee', '😀'),
      minLength: 1,
      maxLength: 5,
    });
    const object = fc.record({ path: name, small: fc.boolean(), web: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(object, { maxLength: 25 }),
        fc.option(name, { nil: undefined }),
        async (some, from) => {
          const buckets = fakeBuckets(() => NOW);
          const expected: Record<string, readonly string[]> = {};
          for (const { path, small, web } of new Map(some.map((one) => [one.path, one])).values()) {
            const there = [...(small ? ['small'] : []), ...(web ? ['web'] : [])];
            put(buckets, `source/in/${path}`);
            complete(buckets, path, there);
            const lacking = ['small', 'web'].filter((one) => !there.includes(one));
            const isAfter = from === undefined || compareKeys(`in/${path}`, `in/${from}`) > 0;
            if (isAfter && lacking.length > 0) expected[`in/${path}`] = lacking;
          }
          const more = from === undefined ? {} : { startAfter: `in/${from}` };
          expect((await found(buckets, more)).missing).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('holds a few objects at a time, however many there are', async () => {
    const COUNT = 100_000;
    let ahead = 0;
    let most = 0;
    const keyAt = (prefix: string, number: number, end: string) =>
      `${prefix}${String(number).padStart(9, '0')}${end}`;
    async function* listing(prefix: string) {
      const end = prefix === 'out/web/' ? '.webp' : '';
      for (let number = 0; number < COUNT; number += 1) {
        ahead += prefix === 'in/' ? 1 : -0.5;
        most = Math.max(most, Math.abs(ahead));
        yield { key: keyAt(prefix, number, end), bytes: 1, modifiedAt: NOW, etag: 'e' };
      }
    }
    const endless = { ...buckets, list: (_place: unknown, prefix: string) => listing(prefix) };
    let looked = 0;
    for await (const { missing } of findMissing({
      buckets: endless,
      worker,
      suffixes: [],
      until: NOW,
    })) {
      looked += missing ? 0 : 1;
    }
    expect(looked).toBe(COUNT);
    expect(most).toBeLessThanOrEqual(2);
  });
});
