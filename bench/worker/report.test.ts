import { BOUNDS, verdictsOn } from './bounds';
import { CASES } from './cases';
import { resultOf, toTables } from './report';
import type { Figures } from './run';
import type { Subject, SubjectName } from './subjects';

const subject = (name: SubjectName): Subject => ({
  name,
  title: name,
  command: '',
  args: [],
  variables: {},
});
const SUBJECTS = [subject('sharp'), subject('worker'), subject('go')];
const REQUESTS = { ReceiveMessage: 24, DeleteMessageBatch: 22, GET: 200, HEAD: 200, PUT: 200 };
const [PHOTOS] = CASES;
if (!PHOTOS) throw new Error('There are no cases.');

const figures = (
  cpuMilliseconds: number,
  seconds: number,
  rest: Partial<Figures> = {},
): Figures => ({
  files: 200,
  seconds,
  cpuMilliseconds,
  peakRssMiB: 200,
  requests: REQUESTS,
  ...rest,
});

/** As many rounds as there are factors, by which the machine was slow in them. */
function result(worker: Figures, go: Figures, factors: readonly number[] = [1]) {
  const slower = ({ cpuMilliseconds, seconds, ...rest }: Figures, factor: number): Figures => ({
    ...rest,
    cpuMilliseconds: cpuMilliseconds * factor,
    seconds: seconds * factor,
  });
  const round = (factor: number) =>
    new Map<SubjectName, Figures>([
      ['sharp', slower(figures(2000, 1, { requests: {} }), factor)],
      ['worker', slower(worker, factor)],
      ['go', slower(go, factor)],
    ]);
  return resultOf(PHOTOS as (typeof CASES)[number], SUBJECTS, factors.map(round));
}

const missed = (one: ReturnType<typeof result>) =>
  verdictsOn(one).flatMap(({ sentence, isMet }) => (isMet ? [] : [sentence]));

describe('a case', () => {
  test(
    'has the medians of its rounds, and ratios within a round, which a slow machine ' +
      'does not change',
    () => {
      const { subjects } = result(figures(2600, 1.5), figures(3000, 2), [1, 3, 1.2]);
      const [, worker] = subjects;
      expect(worker?.cpuMillisecondsPerFile).toBeCloseTo(15.6);
      expect(worker?.cpuSpread).toEqual([13, 39]);
      expect(worker?.cpuRatio).toBeCloseTo(1.3);
      expect(worker?.speedRatio).toBeCloseTo(1 / 1.5);
      expect(worker?.requestsPerFile).toMatchObject({ ReceiveMessage: 0.12, GET: 1 });
    },
  );

  test('compares a file with a file, however many each subject did', () => {
    const { subjects } = result(figures(2600, 1.5), figures(300, 0.2, { files: 20 }));
    expect(subjects[2]).toMatchObject({ cpuRatio: 1.5, speedRatio: 0.5 });
  });
});

describe('the bounds', () => {
  test('of photos are met at their edge', () => {
    expect(missed(result(figures(2600, 1.5), figures(2601, 2)))).toEqual([]);
  });

  test.each([
    ['CPU to sharp alone 1.35, at most 1.3', figures(2700, 1.5), figures(3000, 2)],
    ['CPU to go 1.083, below 1', figures(2600, 1.5), figures(2400, 2)],
    ['files/s to sharp alone 0.50, at least 0.65', figures(2600, 2), figures(3000, 3)],
    ['files/s to go 0.889, above 1', figures(2600, 1.5), figures(3000, 200 / 150)],
    [
      'ReceiveMessage a file 0.250',
      figures(2600, 1.5, { requests: { ...REQUESTS, ReceiveMessage: 50 } }),
      figures(3000, 2),
    ],
    [
      'HEAD a file 2.000',
      figures(2600, 1.5, { requests: { ...REQUESTS, HEAD: 400 } }),
      figures(3000, 2),
    ],
    ['peak MiB 251', figures(2600, 1.5, { peakRssMiB: 251 }), figures(3000, 2)],
  ])('are missed with %s', (sentence, worker, go) => {
    expect(missed(result(worker, go))).toEqual([expect.stringContaining(sentence)]);
  });

  test('compare the worker with a peer in the same round: one slow round decides nothing', () => {
    const inTurn = [
      { worker: 2000, go: 2100 },
      { worker: 4000, go: 4200 },
      { worker: 8000, go: 2100 },
    ].map(
      ({ worker, go }) =>
        new Map<SubjectName, Figures>([
          ['sharp', figures(4000, 2)],
          ['worker', figures(worker, worker / 2000)],
          ['go', figures(go, go / 2000)],
        ]),
    );
    const one = resultOf(PHOTOS as (typeof CASES)[number], SUBJECTS, inTurn);
    expect(missed(one)).toEqual([]);
  });

  test('of requests allow the fewest batches that there can be', () => {
    const few = { files: 24, requests: { ...REQUESTS, ReceiveMessage: 3, DeleteMessageBatch: 4 } };
    const one = result(figures(312, 0.18, few), figures(360, 0.24, { files: 24 }));
    const sentences = verdictsOn({ ...one, files: 24 }).filter(({ isMet }) => !isMet);
    expect(sentences.map(({ sentence }) => sentence)).toContainEqual(
      expect.stringContaining('DeleteMessageBatch a file 0.167, at most 0.125'),
    );
    expect(sentences.map(({ sentence }) => sentence)).not.toContainEqual(
      expect.stringContaining('ReceiveMessage'),
    );
  });

  test('are of cases that there are', () => {
    const names = CASES.map(({ name }) => name);
    expect(Object.keys(BOUNDS).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('the tables', () => {
  test('show each subject with its requests, what is not here, and each verdict', () => {
    const one = result(figures(2600, 1.5), figures(2400, 2));
    const machine = { cores: 2, cpu: 'x64', node: '22', sharp: '0.35', libvips: '8.18' };
    const rest = { machine, rounds: 1, tls: false, leftOut: ['boto3 is left out: no Python'] };
    const text = toTables({ ...rest, cases: [one], verdicts: verdictsOn(one) });
    expect(text).toContain('not here: boto3 is left out: no Python');
    expect(text).toMatch(
      /^worker +13\.00 +13\.0–13\.0 +1\.30 +133\.3 +200 +ReceiveMessage 0\.12, Del/m,
    );
    expect(text).toContain('MISSED  photos, 1 rendition: CPU to go 1.083, below 1');
    expect(text).toContain('met     photos, 1 rendition: CPU to sharp alone 1.30, at most 1.3');
  });
});
