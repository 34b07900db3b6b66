import { resultsOf, toText, verdictsOn } from './report';
import type { Figures } from './run';
import type { SubjectName } from './subjects';

const NAMES: readonly SubjectName[] = ['sharp', 'spillway', 'img2dataset'];
const SUBJECTS = NAMES.map((name) => ({ name, title: name }));

const figures = (cpuMilliseconds: number, seconds: number): Figures => ({
  ...{ samples: 1_000, cpuMilliseconds, seconds, peakRssMiB: 200 },
});

/** As many rounds as there are factors, by which the machine was slow in them. */
function results(ours: Figures, peer: Figures, factors: readonly number[] = [1]) {
  const slower = (one: Figures, factor: number) =>
    figures(one.cpuMilliseconds * factor, one.seconds * factor);
  const rounds = factors.map(
    (factor) =>
      new Map([
        ['sharp', slower(figures(5_000, 3), factor)],
        ['spillway', slower(ours, factor)],
        ['img2dataset', slower(peer, factor)],
      ] as const),
  );
  return resultsOf(SUBJECTS, rounds);
}

const missed = (all: ReturnType<typeof results>) =>
  verdictsOn(all).flatMap(({ sentence, isMet }) => (isMet ? [] : [sentence]));

test('medians are of all rounds, and ratios within one, which a slow machine leaves alone', () => {
  const [, ours] = results(figures(7_000, 5), figures(9_000, 9), [1, 3, 1.2]);
  expect(ours?.cpuMillisecondsPerSample).toBeCloseTo(8.4);
  expect(ours?.cpuRatio).toBeCloseTo(1.4);
  expect(ours?.samplesPerSecond).toBeCloseTo(1_000 / 6);
});

test('bounds are met at 1.6 times the CPU of sharp alone, and faster than each peer', () => {
  expect(missed(results(figures(8_000, 5), figures(9_000, 5.1)))).toEqual([]);
});

test('fails when a bound is missed', () => {
  expect(missed(results(figures(8_001, 5), figures(9_000, 5)))).toEqual([
    'CPU to sharp alone 1.60, at most 1.6',
    'samples/s to img2dataset 1.000, above 1',
  ]);
});

test('is compared with a peer in the same round: one slow round decides nothing', () => {
  const inTurn = [
    { ours: 10, peer: 11 },
    { ours: 20, peer: 21 },
    { ours: 40, peer: 9 },
  ].map(
    ({ ours, peer }) =>
      new Map([
        ['sharp', figures(20_000, 8)],
        ['spillway', figures(20_000, ours)],
        ['img2dataset', figures(20_000, peer)],
      ] as const),
  );
  expect(missed(resultsOf(SUBJECTS, inTurn))).toEqual([]);
});

test('the table has each subject, who is not here, and each verdict', () => {
  const all = results(figures(7_000, 5), figures(9_000, 9));
  const text = toText({
    machine: { cores: 2, cpu: 'x64', node: '22', sharp: '0.35', libvips: '8.18' },
    ...{ title: 'pictures', samples: 1_000, rounds: 1, leftOut: ['pillow: no Python'] },
    ...{ results: all, verdicts: verdictsOn(all) },
  });
  expect(text).toContain('pictures, 1000 samples; medians of 1 round\nnot here: pillow: no Python');
  expect(text).toMatch(/^spillway +7\.00 +1\.40 +200\.0 +1\.40 +200$/m);
  expect(text).toContain('met     samples/s to img2dataset 1.800, above 1');
});
