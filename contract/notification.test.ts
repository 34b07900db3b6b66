import { notificationFilters, OBJECT_CREATED, objectCreatedPattern } from './notification';

test('every way to make an object counts, multipart uploads and copies among them', () => {
  expect(OBJECT_CREATED).toBe('s3:ObjectCreated:*');
});

test('without suffixes one filter takes every key below the prefix', () => {
  expect(notificationFilters('photos', { sourcePrefix: 'in/', suffixes: [] })).toEqual([
    { id: 'photos', prefix: 'in/' },
  ]);
});

test('each suffix has a filter with an id of its own below the same prefix', () => {
  expect(
    notificationFilters('photos', { sourcePrefix: 'in/', suffixes: ['.jpg', '.JPG'] }),
  ).toEqual([
    { id: 'photos-1', prefix: 'in/', suffix: '.jpg' },
    { id: 'photos-2', prefix: 'in/', suffix: '.JPG' },
  ]);
});

describe('objectCreatedPattern', () => {
  const patternOf = (filter: {
    readonly sourcePrefix: string;
    readonly suffixes: readonly string[];
  }) => JSON.parse(objectCreatedPattern({ bucketName: 'theirs', ...filter }));

  test('takes every key of the bucket when neither prefix nor suffix is set', () => {
    const { detail } = patternOf({ sourcePrefix: '', suffixes: [] });
    expect(detail).toEqual({ bucket: { name: ['theirs'] } });
  });

  test.each([
    ['in/', '.jpg', 'in/*.jpg'],
    ['a*b/', '.jpg', 'a\\*b/*.jpg'],
    ['a\\b/', '*', 'a\\\\b/*\\*'],
    ['', '.jpg', '*.jpg'],
  ])('prefix %s and suffix %s are literal: %s', (sourcePrefix, suffix, wildcard) => {
    const { detail } = patternOf({ sourcePrefix, suffixes: [suffix] });
    expect(detail.object).toEqual({ key: [{ wildcard }] });
  });
});
