import { s3Event } from '../../../test/fakes/worker/events';
import { partsOf } from '../../../test/fakes/worker/fake-parts';
import { FakeProcess } from '../../../test/fakes/worker/fake-process';
import { WorkerUnderTest } from '../../../test/fakes/worker/worker-under-test';
import { pause } from './clock';
import { createWorker } from './worker';

const MAX_ATTEMPTS = 8;
const SAMPLES = 1_000;
/** In which what was received with it is done. */
const SECONDS_TO_KILL = 2;
const KILLER = 'ecsproc/killer';

/** Starts a worker whose process dies with the killer, and lets it work until it ends. */
async function oneLife(pipeline: WorkerUnderTest): Promise<void> {
  const { clock, tally } = pipeline;
  const life = new FakeProcess({ clock });
  pipeline.processor.during = async ({ key }) => {
    if (key !== KILLER) return;
    await pause(clock, SECONDS_TO_KILL * 1000);
    life.end();
  };
  const ports = life.ports(pipeline);
  const seams = { clock: life.clock, random: () => 0, log: () => undefined, tally };
  const settings = { ...pipeline.settings, jobConcurrency: 20, maxAttempts: MAX_ATTEMPTS };
  const samples = partsOf(settings, ports.destination, seams);
  let hasEnded = false;
  const worker = createWorker({ ...ports, samples }, settings, seams);
  void worker.run().then(() => {
    hasEnded = true;
  });
  while (!life.isOver && !hasEnded) await clock.advance(5);
  // What a dead worker held is visible again.
  await clock.advance(pipeline.settings.visibilityTimeoutSeconds);
}

test('one killer among a thousand ends as one `WorkerLost` and a thousand samples', async () => {
  const pipeline = new WorkerUnderTest();
  pipeline.enqueue(SAMPLES / 2);
  pipeline.sources.put(KILLER, 'body');
  pipeline.queue.send(s3Event(KILLER));
  for (let at = SAMPLES / 2; at < SAMPLES; at += 1) {
    pipeline.sources.put(`ecsproc/${at}`, `body ${at}`);
    pipeline.queue.send(s3Event(`ecsproc/${at}`));
  }
  let lives = 0;
  for (; pipeline.queue.size > 0 && lives < 20; lives += 1) await oneLife(pipeline);
  const letters = pipeline.deadLetters.letters.map(({ attributes }) => attributes);
  expect(letters).toEqual([
    expect.objectContaining({ FaultCode: 'WorkerLost', SourceKey: encodeURIComponent(KILLER) }),
  ]);
  const keys = pipeline.parts.flatMap(({ samples }) => samples.map(({ key }) => key));
  expect([keys.length, new Set(keys).size, lives]).toEqual([SAMPLES, SAMPLES, MAX_ATTEMPTS + 1]);
});
