import { getsOf, putsOf } from './writes';

const SHARDS = {
  kind: 'shards',
  samples: 1_000,
  mebibytes: 256,
  seconds: 300,
  label: 'folder',
} as const;
const MILLION = { jobs: 1e6, tasks: 0, outputsPerObject: 2, sampleBytes: 16 * 1_024 };

test('an output is a PUT', () => {
  expect(putsOf({ kind: 'objects' }, MILLION)).toBe(2e6);
});

test('a job of a dataset does not look at its source again', () => {
  expect(getsOf({ kind: 'objects' }, 5)).toBe(10);
  expect(getsOf(SHARDS, 5)).toBe(5);
});

test('a part is its tar, in pieces with a begin and an end, and its index', () => {
  // 15.6 MiB are two pieces.
  expect(putsOf(SHARDS, MILLION)).toBe(1_000 * (2 + 2 + 1));
  expect(putsOf(SHARDS, { ...MILLION, sampleBytes: 8 * 1_024 })).toBe(1_000 * 2);
});

test('each task ends with a part of its own', () => {
  expect(putsOf(SHARDS, { ...MILLION, jobs: 0, tasks: 7 })).toBe(7 * 2);
});

test('a part is no larger than it may be', () => {
  // 64 samples of 256 KiB are 16 MiB.
  const small = { ...SHARDS, mebibytes: 16 };
  expect(putsOf(small, { ...MILLION, jobs: 6_400, sampleBytes: 256 * 1_024 })).toBe(100 * 5);
});
