import { expect, test } from '@jest/globals';
import { notificationFilters, OBJECT_CREATED } from './notification';

test('every way to make an object counts, multipart uploads and copies among them', () => {
  expect(OBJECT_CREATED).toBe('s3:ObjectCreated:*');
});

test('without suffixes one filter takes every key below the prefix', () => {
  expect(notificationFilters('photos', { sourcePrefix: 'in/', suffixes: [] })).toEqual([
    { id: 'photos', prefix: 'in/' },
  ]);
});

test('each suffix has a filter with an id of its own below the same prefix', () => {
  expect(notificationFilters('photos', { sourcePrefix: 'in/', suffixes: ['.jpg', '.JPG'] })).toEqual([
    { id: 'photos-1', prefix: 'in/', suffix: '.jpg' },
    { id: 'photos-2', prefix: 'in/', suffix: '.JPG' },
  ]);
});
