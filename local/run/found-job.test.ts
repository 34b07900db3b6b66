import { skippedMetadata } from '../../application-code/worker/src/job/skipped-outputs';
import { planOf } from '../../test/fakes/worker/fake-buckets';
import { foundJob, lookFor, renditionKeys } from './found-job';

const SMALL = { plan: planOf('small'), key: 'out/small/a.jpg' };
const BIG = { plan: planOf('big', { isOptional: true }), key: 'out/big/a.jpg' };
const SKIPPED = skippedMetadata([{ name: 'big', because: 'too large' }], [BIG.plan]);

describe('a job of which nobody has heard is found', () => {
  test('when all its renditions are there', () => {
    const expected = [SMALL, BIG].map((one) => ({ ...one, metadata: {} }));
    expect(foundJob('in/a.jpg', expected)).toEqual({
      sourceKey: 'in/a.jpg',
      renditions: [SMALL.key, BIG.key],
      skipped: [],
    });
  });

  test('when those that are there call the others skipped', () => {
    const expected = [
      { ...SMALL, metadata: SKIPPED },
      { ...BIG, metadata: undefined },
    ];
    expect(foundJob('in/a.jpg', expected)).toEqual({
      sourceKey: 'in/a.jpg',
      renditions: [SMALL.key],
      skipped: [{ name: 'big', because: 'too large' }],
    });
  });
});

test.each([
  [
    'one is missing',
    [
      { ...SMALL, metadata: {} },
      { ...BIG, metadata: undefined },
    ],
  ],
  ['none is there', [{ ...SMALL, metadata: undefined }]],
])('no job is found when %s', (_, expected) => {
  expect(foundJob('in/a.jpg', expected)).toBeUndefined();
});

describe('the renditions of an object', () => {
  const pipeline = {
    sourcePrefix: 'in/',
    destinationPrefix: 'out/',
    outputs: [SMALL.plan, BIG.plan],
  };
  const bucket = { metadataOf: async (key: string) => (key === SMALL.key ? SKIPPED : undefined) };
  const tooLong = `in/${'x'.repeat(1_020)}`;

  test('are looked for under their keys', async () => {
    const expected = await lookFor('in/a.jpg', pipeline, bucket);
    expect(expected).toEqual([
      { ...SMALL, metadata: SKIPPED },
      { ...BIG, metadata: undefined },
    ]);
    expect(renditionKeys('in/a.jpg', pipeline)).toEqual([SMALL.key, BIG.key]);
  });

  test('are none, with the reason in their place, where its key leaves no room for theirs', async () => {
    expect(await lookFor(tooLong, pipeline, bucket)).toEqual([]);
    expect(renditionKeys(tooLong, pipeline)).toEqual([
      expect.stringContaining('S3 takes at most 1024'),
    ]);
  });
});
