import { skippedMetadata } from '../../application-code/worker/src/job/skipped-renditions';
import { foundJob } from './found-job';

const SMALL = { spec: { name: 'small' }, key: 'out/small/a.jpg' } as const;
const BIG = { spec: { name: 'big', ifImpossible: 'skip' }, key: 'out/big/a.jpg' } as const;
const SKIPPED = skippedMetadata([{ name: 'big', because: 'too large' }], [BIG.spec]);

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
