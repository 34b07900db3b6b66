import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { plainLine, progressLines } from './live-view';
import { coloured, paintFor, plain } from './paint';
import { etaSeconds, type Snapshot, Throughput } from './snapshot';

const snapshot: Snapshot = {
  phase: 'running',
  elapsedSeconds: 12.3,
  uploaded: 200,
  isUploading: false,
  skipped: 2,
  backlog: 120,
  inFlight: 16,
  tasks: { pending: 1, running: 3, stopping: 0, stopped: 2 },
  done: 60,
  deadLettered: 4,
  progress: [],
  filesPerSecond: 6.4,
};

describe('progressLines', () => {
  test('shows everything on a wide terminal', () => {
    const [, bar, ...rest] = progressLines(snapshot, 100);
    expect(bar).toMatch(/^█{12}░{28} · 32 % \(64 of 200 files\)$/);
    expect(rest).toEqual([
      'uploaded 200 · left out 2',
      'backlog 120 · in-flight 16',
      'tasks 3 running · 1 pending · 2 stopped',
      'done 60 · dead-lettered 4',
      '6.4 files/s · ETA 22 s',
    ]);
  });

  test('says how to stop at once while tasks drain', () => {
    expect(progressLines({ ...snapshot, phase: 'draining' }, 100)[0]).toContain(
      'Ctrl-C again stops at once',
    );
  });

  test('is never wider than the terminal, with colours or without', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.nat(1e9),
        fc.boolean(),
        (width, files, colours) => {
          const lines = progressLines(
            { ...snapshot, uploaded: files, backlog: files },
            width,
            colours ? coloured : plain,
          );
          for (const line of lines)
            expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  test('has the same number of lines throughout a run, so that nothing jumps', () => {
    const { filesPerSecond: _pace, ...start } = { ...snapshot, done: 0, uploaded: 0 };
    expect(progressLines(start, 80)).toHaveLength(progressLines(snapshot, 80).length);
  });
});

describe('jobs that say how far they are', () => {
  const job = (name: string) => ({ name, fraction: 0.437, text: 'frame 3 of 7' });
  const progress = ['a.zip', 'b.zip', 'c\u001b[2J', 'd.zip'].map(job);

  test('are the last lines of the view, three at most', () => {
    expect(progressLines({ ...snapshot, progress }, 100).slice(-3)).toEqual([
      'a.zip 43 % · frame 3 of 7',
      'b.zip 43 % · frame 3 of 7',
      'c\\u001b[2J 43 % · frame 3 of 7',
    ]);
  });

  test('end the line of a log, the first of them', () => {
    expect(plainLine({ ...snapshot, progress })).toMatch(/ETA 22 s · a\.zip 43 % frame 3 of 7$/);
  });
});

test('plainLine shows the same on one line', () => {
  expect(plainLine({ ...snapshot, isUploading: true })).toBe(
    '12 s · uploaded 200 … · left out 2 · backlog 120 · in-flight 16 · ' +
      'tasks 3 running, 1 pending, 2 stopped · done 60 · dead-lettered 4 · 6.4 files/s',
  );
});

describe('etaSeconds', () => {
  test.each([
    [{}, 22, 'what is left at the present pace'],
    [{ isUploading: true }, undefined, 'the number of files is not known yet'],
    [{ filesPerSecond: 0 }, undefined, 'nothing moves'],
    [{ done: 196 }, 0, 'all is done'],
  ])('with %j is %p: %s', (change, seconds, _why) => {
    expect(etaSeconds({ ...snapshot, ...change })).toBe(seconds);
  });
});

describe('Throughput', () => {
  test('is unknown before the first file', () => {
    const throughput = new Throughput(5);
    expect([throughput.at(0, 0), throughput.at(1, 0)]).toEqual([undefined, undefined]);
    expect(throughput.at(2, 4)).toBe(2);
  });

  test('forgets what is older than its window', () => {
    const throughput = new Throughput(5);
    for (let second = 0; second <= 20; second++) throughput.at(second, Math.min(second, 10) * 7);
    expect(throughput.at(21, 70)).toBe(0);
  });
});

describe('paintFor', () => {
  test.each([
    [{ isTTY: true }, {}, coloured, 'a terminal'],
    [{ isTTY: true }, { NO_COLOR: '1' }, plain, 'its user wants no colours'],
    [{ isTTY: true }, { TERM: 'dumb' }, plain, 'it has none'],
    [{}, {}, plain, 'a file'],
  ])('with %j and %j: %#', (stream, environment, paint, _why) => {
    expect(paintFor(stream, environment)).toBe(paint);
  });
});
