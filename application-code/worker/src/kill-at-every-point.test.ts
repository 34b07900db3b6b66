import { s3Event } from '../../../test/fakes/worker/events';
import { FakeProcessor, planOf } from '../../../test/fakes/worker/fake-buckets';
import { partsOf, samplesOf } from '../../../test/fakes/worker/fake-parts';
import { type Effect, FakeProcess, type Moment } from '../../../test/fakes/worker/fake-process';
import { WorkerUnderTest } from '../../../test/fakes/worker/worker-under-test';
import { PermanentFault, TransientFault } from './faults';
import { Tally } from './tally';
import { createWorker } from './worker';

const MAX_ATTEMPTS = 8;
const KEY = 'ecsproc/photo.jpg';

/** A job from its receive to its end, alone in the queue. */
interface Story {
  readonly title: string;
  /** Receives that the message has behind it. */
  readonly receives?: number;
  readonly begin?: (pipeline: WorkerUnderTest, story: Story) => void;
  /** Second at which SIGTERM comes. */
  readonly drainAt?: number;
  /** Ends whatever keeps the job from being done, before the next worker comes. */
  readonly mend?: (pipeline: WorkerUnderTest) => void;
  readonly ends: 'renditions' | 'a dead letter';
  /** Whether its renditions are a sample in a part. */
  readonly isDataset?: boolean;
}

const STORIES: readonly Story[] = [
  { title: 'a job that is done', ends: 'renditions' },
  {
    title: 'a job that takes longer than two heartbeats',
    begin: (pipeline) => pipeline.renderFor(45),
    mend: (pipeline) => pipeline.renderFor(0),
    ends: 'renditions',
  },
  {
    title: 'a picture that cannot be decoded',
    begin: (pipeline) => {
      pipeline.processor.during = () => {
        throw new PermanentFault('Undecodable', 'The picture is cut off.');
      };
    },
    ends: 'a dead letter',
  },
  {
    title: 'a source that changes once while it is rendered',
    begin: (pipeline, { isDataset }) => {
      let isFirst = true;
      pipeline.processor.during = () => {
        if (!isFirst) return;
        isFirst = false;
        pipeline.sources.put(KEY, 'newer');
        // A worker that replaces outputs needs no event of the newer version.
        if (isDataset) pipeline.queue.send(s3Event(KEY));
      };
    },
    ends: 'renditions',
  },
  {
    title: 'a job that is released for a transient fault',
    begin: (pipeline) => {
      pipeline.sources.errors.push(new TransientFault('SourceUnavailable', 'SlowDown'));
    },
    ends: 'renditions',
  },
  {
    title: 'the last attempt of a job that always fails',
    receives: MAX_ATTEMPTS - 1,
    begin: (pipeline) => {
      pipeline.destination.error = new TransientFault('DestinationUnavailable', 'SlowDown');
    },
    ends: 'a dead letter',
  },
  {
    title: 'a message that has lost eight workers',
    receives: MAX_ATTEMPTS,
    ends: 'a dead letter',
  },
  {
    title: 'a drain that interrupts the job',
    begin: (pipeline) => pipeline.renderFor(45),
    drainAt: 2,
    mend: (pipeline) => pipeline.renderFor(0),
    ends: 'renditions',
  },
];

class TwoRenditions extends WorkerUnderTest {
  override readonly processor = new FakeProcessor(['s', 'm']);
}

function start(
  pipeline: WorkerUnderTest,
  { isDataset = false }: Story,
  mishap?: ConstructorParameters<typeof FakeProcess>[0]['mishap'],
) {
  const life = new FakeProcess({ clock: pipeline.clock, ...(mishap && { mishap }) });
  const outputs = [planOf('s'), planOf('m')];
  const settings = { ...pipeline.settings, outputs, maxAttempts: MAX_ATTEMPTS };
  const ports = life.ports(pipeline);
  const seams = { clock: life.clock, random: () => 0, log: () => undefined, tally: new Tally() };
  const samples = isDataset ? partsOf(settings, ports.destination, seams) : undefined;
  const worker = createWorker({ ...ports, samples }, settings, seams);
  void worker.run();
  return { life, worker };
}

/**
 * Runs a story with a worker that dies at one point, if any; then healthy workers until all is
 * quiet.
 */
async function run(story: Story, dies?: { readonly number: number; readonly when: Moment }) {
  const pipeline = new TwoRenditions();
  pipeline.sources.put(KEY, 'body');
  pipeline.queue.send(s3Event(KEY), story.receives);
  story.begin?.(pipeline, story);
  const { life, worker } = start(pipeline, story, (_effect, number) =>
    number === dies?.number ? { when: dies.when, what: 'death' } : undefined,
  );
  await pipeline.clock.advance(story.drainAt ?? 0);
  if (story.drainAt !== undefined) worker.drain();
  await pipeline.clock.advance(90);
  life.end();
  story.mend?.(pipeline);
  // What the dead worker held last is visible again.
  await pipeline.clock.advance(pipeline.settings.visibilityTimeoutSeconds);
  if (dies) start(pipeline, story);
  await pipeline.clock.advance(400);
  return { pipeline, effects: life.effects };
}

/** The outputs of the newest version, of one sample where samples are written. */
function outputsOf(pipeline: WorkerUnderTest, { isDataset }: Story): readonly string[] {
  const newest = pipeline.sources.body(KEY).toString();
  const written = isDataset
    ? samplesOf(pipeline.parts, KEY, pipeline.sources.eTag(KEY)).at(-1)
    : pipeline.destination.written.values().map(({ body }) => body.toString());
  return (written ?? []).filter((body) => body === newest);
}

function outcome(pipeline: WorkerUnderTest, story: Story): string {
  const written = outputsOf(pipeline, story);
  const letters = pipeline.deadLetters.letters.filter(
    ({ attributes }) => attributes.FaultCode !== undefined,
  );
  const said = [
    ...(written.length === 2 ? ['renditions'] : []),
    ...(letters.length === 1 ? ['a dead letter'] : []),
    ...(letters.length > 1 ? [`${letters.length} dead letters`] : []),
    ...(pipeline.queue.size > 0 ? [`${pipeline.queue.size} message(s) left`] : []),
  ];
  return said.join(', ') || 'nothing';
}

const rows: string[] = [];

const DATASET_STORIES = STORIES.map((story) => ({
  ...{ ...story, title: `${story.title}, for a dataset`, isDataset: true },
}));

describe.each([...STORIES, ...DATASET_STORIES])('whenever a worker dies in $title', (story) => {
  test(`it ends as ${story.ends}, and the queue is empty`, async () => {
    const whole = await run(story);
    if (story.drainAt === undefined) expect(outcome(whole.pipeline, story)).toBe(story.ends);
    // What comes after the message was settled is the next poll.
    const points = whole.effects.slice(
      0,
      whole.effects.lastIndexOf(lastSettling(whole.effects)) + 1,
    );
    rows.push(`\n${story.title}`);
    for (const [index, effect] of points.entries()) {
      const ends: string[] = [];
      for (const when of ['before', 'after'] as const) {
        const { pipeline, effects } = await run(story, { number: index + 1, when });
        expect(effects[index]).toBe(effect);
        ends.push(outcome(pipeline, story));
      }
      rows.push(
        `${String(index + 1).padStart(4)} ${effect.padEnd(18)} ` +
          ends.map((end) => end.padEnd(24)).join(' '),
      );
      for (const end of ends) expect(ENDINGS[story.ends]).toContain(end);
    }
    expect(points.length).toBeGreaterThan(2);
  });
});

/** A second dead letter is what a crash between the letter and its acknowledgement costs. */
const ENDINGS = {
  renditions: ['renditions'],
  'a dead letter': ['a dead letter', '2 dead letters'],
};

function lastSettling(effects: readonly Effect[]): Effect {
  const settling = effects.filter((effect) =>
    ['acknowledge', 'change-visibility', 'resend'].includes(effect),
  );
  const last = settling.at(-1);
  if (!last) throw new Error(`Nothing was settled among ${effects.join(', ')}.`);
  return last;
}

test('the table of points and outcomes is printed', () => {
  process.stdout.write(
    `A worker that dies …   … right before it, and … right after it, ends as\n${rows.join('\n')}\n`,
  );
  expect(rows.length).toBeGreaterThan(50);
});
