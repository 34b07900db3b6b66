import { skippedMetadata } from '../../application-code/worker/src/job/skipped-outputs';
import { planOf } from '../../test/fakes/worker/fake-buckets';
import { foundJob, lookFor, namedOutputs, outputKeys } from './found-job';

const SMALL = { plan: planOf('small'), key: 'out/small/a.jpg' };
const BIG = { plan: planOf('big', { isOptional: true }), key: 'out/big/a.jpg' };
const SKIPPED = skippedMetadata([{ name: 'big', because: 'too large' }], [BIG.plan]);

describe('a job that no worker has reported is found', () => {
  test('when all its outputs are there', () => {
    const expected = [SMALL, BIG].map((one) => ({ ...one, metadata: {} }));
    expect(foundJob('in/a.jpg', expected)).toEqual({
      sourceKey: 'in/a.jpg',
      outputs: [SMALL, BIG].map(({ plan, key }) => ({ name: plan.name, key })),
      skipped: [],
    });
  });

  test('when the existing outputs name the others as skipped', () => {
    const expected = [
      { ...SMALL, metadata: SKIPPED },
      { ...BIG, metadata: undefined },
    ];
    expect(foundJob('in/a.jpg', expected)).toEqual({
      sourceKey: 'in/a.jpg',
      outputs: [{ name: 'small', key: SMALL.key }],
      skipped: [{ name: 'big', because: 'too large' }],
    });
  });
});

test('a manifest is told apart from an output', () => {
  const plan = planOf('manifest', { isManifest: true });
  const expected = [{ plan, key: 'out/manifests/a.json', metadata: {} }];
  expect(foundJob('in/a', expected)?.outputs).toEqual([
    { name: 'manifest', key: 'out/manifests/a.json', isManifest: true },
  ]);
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

describe('the outputs of an object', () => {
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
    expect(outputKeys('in/a.jpg', pipeline)).toEqual([SMALL.key, BIG.key]);
    expect(namedOutputs('in/a.jpg', [BIG.key, 'other'], pipeline)).toEqual([
      { name: 'big', key: BIG.key },
      { name: 'other', key: 'other' },
    ]);
  });

  test('do not exist where its key is too long, and the reason stands in their place', async () => {
    expect(await lookFor(tooLong, pipeline, bucket)).toEqual([]);
    expect(outputKeys(tooLong, pipeline)).toEqual([
      expect.stringContaining('S3 takes at most 1024'),
    ]);
  });
});
