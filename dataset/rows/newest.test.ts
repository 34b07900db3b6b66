import fc from 'fast-check';
import { leftOutRow, sampleRow, streamOf, versionsOf } from '../../test/fakes/dataset/rows';
import { type NewestSettings, newestVersions } from './newest';
import type { Row, RowOrigin, Versions } from './versions';

const listed = (sources: Readonly<Record<string, string>>) =>
  streamOf(Object.entries(sources).map(([key, eTag]) => ({ key, eTag })));

async function choose(
  rows: readonly Row[],
  sources: Readonly<Record<string, string>>,
  settings: NewestSettings & { readonly origins?: readonly RowOrigin[] } = {},
) {
  const versions = versionsOf(rows, settings.origins);
  const newest = await newestVersions(versions, listed(sources), settings);
  return { versions, newest, taken: named(versions, newest.samples) };
}

const named = (versions: Versions, some: Uint32Array) =>
  [...some].map((version) => {
    const { key, eTag } = versions.read(version);
    return `${key} ${eTag}`;
  });

describe('of each key the dataset takes', () => {
  test('the version that the source has now, in whatever order the rows were read', async () => {
    const rows = [sampleRow('a', { eTag: '"2"' }), sampleRow('a'), sampleRow('b')];
    const { taken, newest } = await choose(rows, { a: '"2"', b: '"1"' });
    expect(taken).toEqual(['a "2"', 'b "1"']);
    expect(newest.superseded).toBe(1);
  });

  test('one sample, however often its version was read, and the one read last', async () => {
    const later = { readAt: '2026-11-02T00:00:00Z', label: 'later' };
    const rows = [sampleRow('a'), sampleRow('a', later), sampleRow('a')];
    const { versions, newest } = await choose(rows, { a: '"1"' });
    expect([...newest.samples].map((version) => versions.read(version))).toMatchObject([later]);
  });

  test('the sample of the last generation, though a part has the same version', async () => {
    const later = sampleRow('a', { readAt: '2026-11-02T00:00:00Z' });
    const origins = [{ tar: 0, position: 5 }, { tar: 1 }];
    const { versions, newest } = await choose([sampleRow('a'), later], { a: '"1"' }, { origins });
    expect(versions.get('position', newest.samples[0] ?? 9)).toBe(5);
  });

  test('nothing when no row has the version that the source has now: it is named', async () => {
    const onLacking = jest.fn();
    const sources = { a: '"3"', b: '"1"', c: '"1"' };
    const { taken, newest } = await choose([sampleRow('a')], sources, { onLacking });
    expect(taken).toEqual([]);
    expect(newest.lacking).toEqual({ count: 3, examples: ['a', 'b', 'c'] });
    expect(onLacking.mock.calls.map(([{ key }]) => key)).toEqual(['a', 'b', 'c']);
  });

  test('the version that was modified last when the source is gone', async () => {
    const rows = [
      sampleRow('a', { eTag: '"new"', lastModified: '2026-11-01T00:00:00Z' }),
      sampleRow('a', {
        eTag: '"old"',
        lastModified: '2026-10-01T00:00:00Z',
        readAt: '2026-12-01T00:00:00Z',
      }),
    ];
    const { taken, newest } = await choose(rows, {});
    expect(taken).toEqual(['a "new"']);
    expect(newest.deleted).toBe(1);
  });

  test('the version that was read last when the source is gone and S3 told no time', async () => {
    const rows = [
      sampleRow('a', { eTag: '"new"', readAt: '2026-12-01T00:00:00Z' }),
      sampleRow('a', { eTag: '"old"' }),
    ];
    expect((await choose(rows, {})).taken).toEqual(['a "new"']);
  });

  test('nothing of a source that is gone, if that is asked for', async () => {
    const rows = [sampleRow('a'), sampleRow('b')];
    const { taken, newest } = await choose(rows, { b: '"1"' }, { withoutDeleted: true });
    expect(taken).toEqual(['b "1"']);
    expect(newest.deleted).toBe(1);
  });

  test('no sample of a version that a filter left out', async () => {
    const rows = [sampleRow('a'), leftOutRow('a', { eTag: '"2"' })];
    const { taken, newest, versions } = await choose(rows, { a: '"2"' });
    expect(taken).toEqual([]);
    expect(named(versions, newest.leftOut)).toEqual(['a "2"']);
    expect(newest.lacking.count).toBe(0);
  });

  test('exactly one version of every key that has one', async () => {
    const row = fc.record({ key: fc.string(), eTag: fc.constantFrom('"1"', '"2"', '"3"') });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 3000 }), async (some) => {
        const sources = new Map(some.map(({ key, eTag }) => [key, eTag]));
        const { taken } = await choose(
          some.map(({ key, eTag }) => sampleRow(key, { eTag })),
          Object.fromEntries(sources),
        );
        expect(taken.sort()).toEqual([...sources].map((one) => one.join(' ')).sort());
      }),
      { numRuns: 30 },
    );
  });
});
