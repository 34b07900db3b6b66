import { parsePartKey, partKeys, partName } from './part-keys';

const openedAt = new Date('2026-11-29T01:02:03.456Z');
const part = partName({ openedAt, worker: '0a1b', number: 12 });
const place = { recipeHash: '0123456789ab', part };

test('the name of a part says when and by which worker it was begun', () => {
  expect(part).toBe('20261129T010203-0a1b-12');
});

test('a part is a tar and an index below the destination prefix, by the hash of its recipe', () => {
  expect(partKeys('processed/', place)).toEqual({
    tar: `processed/parts/0123456789ab/${part}.tar`,
    index: `processed/parts/0123456789ab/${part}.jsonl`,
  });
});

test.each(['', 'processed/'])(
  'keys of parts are read below the prefix %j as they were made',
  (prefix) => {
    const { tar, index } = partKeys(prefix, place);
    expect(parsePartKey(prefix, tar)).toEqual({ ...place, kind: 'tar' });
    expect(parsePartKey(prefix, index)).toEqual({ ...place, kind: 'index' });
  },
);

test.each([
  `other/parts/0123456789ab/${part}.tar`,
  `processed/parts/0123456789AB/${part}.tar`,
  `processed/parts/0123456789ab/${part}.tar.gz`,
  `processed/parts/0123456789ab/notes.jsonl`,
  `processed/shards/0001/dataset-000000.tar`,
])('%s is no part', (key) => {
  expect(parsePartKey('processed/', key)).toBeUndefined();
});
