import { fakePipeline } from '../../test/fakes/cli/fake-pipeline';
import { NOW, runCommand, tryCommand } from '../../test/fakes/cli/fake-session';

/** Jobs of four seconds, ten at a time on each of two tasks. */
function deployed() {
  const { pipeline, account } = fakePipeline();
  const minutes = Array.from({ length: 10 }, (_, index) => ({
    at: NOW - (20 - index) * 60_000,
    ...{ jobs: 300, milliseconds: 1_200_000 + (index % 2) * 60_000 },
    ...{ backlog: 900, inFlight: 20, tasks: 2 },
  }));
  pipeline.minutes.push(...minutes);
  return { pipeline, account };
}

const calibrated = async (words = '') =>
  JSON.parse(
    (await runCommand(`simulate --objects 500 --calibrate --json ${words}`, deployed())).text,
  );

describe('spillway simulate --calibrate', () => {
  test('says what it measured, over which time, and what it assumed', async () => {
    const { text, regions } = await runCommand('simulate --objects 500 --calibrate', deployed());
    expect(regions).toEqual(['eu-central-1']);
    expect(text).toContain(
      'jobSeconds 4.1: measured, 3,000 jobs in the 168 h 0 min before 2026-01',
    );
    expect(text).toContain('slots 10: measured, the median of 10 busy minutes.');
    expect(text).toContain('startSeconds 40: assumed: ECS lists no task');
    expect(text).toContain('interruptionsPerHour 0.02: assumed: no task of the last hour');
    expect(text).not.toContain('the benchmark of the worker');
  });

  test('names the calibration in the document, which the answer rests on', async () => {
    const { calibration, waitSeconds, remarks } = await calibrated();
    expect(calibration).toMatchObject({
      from: '2026-01-03T12:00:00.000Z',
      to: '2026-01-10T12:00:00.000Z',
      jobs: 3_000,
      figures: { jobSeconds: { value: 4.1 }, slots: { value: 10 } },
    });
    expect(calibration.figures.startSeconds).not.toHaveProperty('value');
    expect(waitSeconds.median).toBeGreaterThan(40);
    expect(remarks.join()).toContain('jobSeconds 4.1');
  });

  test('takes what is said to be assumed instead of what was measured', async () => {
    const { remarks, waitSeconds } = await calibrated('--assume jobSeconds=100');
    expect(remarks.join()).not.toContain('jobSeconds');
    expect(waitSeconds.median).toBeGreaterThan(140);
  });

  test('takes the jobs at a time from a setting that is tried', async () => {
    const { remarks } = await calibrated('--set jobConcurrency=3');
    expect(remarks.join()).toContain('slots 3: by the setting that is tried, not measured');
  });

  test('refuses a pipeline that has done no job, and says what to do', async () => {
    const { error, text } = await tryCommand('simulate --objects 500 --calibrate', fakePipeline());
    expect(error).toMatchObject({
      name: 'RefusalError',
      message: expect.stringMatching(
        /^dev\/photos has no metrics of a job .* last 7 days, .*upload some objects.*--assume/,
      ),
    });
    expect(text).toBe('');
  });
});
