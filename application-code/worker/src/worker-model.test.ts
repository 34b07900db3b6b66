import fc from 'fast-check';
import type { Moment } from '../../../test/fakes/worker/fake-process';
import {
  type Failing,
  MAX_ATTEMPTS,
  MAX_INTERRUPTIONS,
  POISON,
  WorkersUnderFaults,
} from '../../../test/fakes/worker/workers-under-faults';

/** What was asked for; everything else is looked up in the pipeline. */
interface Model {
  readonly uploaded: Map<string, Uploaded>;
}

interface Uploaded {
  /** When the newest version was. */
  readonly at: number;
  /** The most receives that a message about it had behind it. */
  readonly receives: number;
}

function upload(
  { uploaded }: Model,
  pipeline: WorkersUnderFaults,
  keys: readonly string[],
  kind: string,
  events: readonly number[],
  behind = 0,
): void {
  versions += 1;
  for (const key of keys) {
    const receives = Math.max(behind, uploaded.get(key)?.receives ?? 0);
    uploaded.set(key, { at: pipeline.clock.now(), receives });
  }
  pipeline.upload(keys, `${kind} ${versions}`, events, behind);
}

let versions = 0;

type Command = fc.AsyncCommand<Model, WorkersUnderFaults>;

/** A command that can always be given, shown as its name with what it was given. */
function command(
  name: string,
  given: readonly unknown[],
  run: (pipeline: WorkersUnderFaults, model: Model) => unknown,
): Command {
  return {
    check: () => true,
    run: async (model, pipeline) => {
      await run(pipeline, model);
      await pipeline.clock.advance(0);
    },
    toString: () => `${name}(${given.map((one) => JSON.stringify(one)).join(', ')})`,
  };
}

const disrupt = (pipeline: WorkersUnderFaults) => {
  pipeline.disruptions += 1;
};

const key = fc.nat(5).map((index) => `ecsproc/k${index}`);
const events = fc.array(fc.nat(20), { minLength: 1, maxLength: 3 });
const which = fc.nat(3);
const moment = fc.constantFrom<Moment>('before', 'after');
const anyFailing = fc.constantFrom<Failing>(
  'receive',
  'open',
  'read',
  'write',
  'look',
  'acknowledge',
  'change-visibility',
  'resend',
  'dead-letter',
  'acknowledge entry',
  'changeVisibility entry',
  'resend entry',
  'write s',
  'write m',
);
/** Failures after which a message must be kept, or a job would be lost. */
const keepingFailing = fc.constantFrom<Failing>(
  ...(['write s', 'write m', 'dead-letter', 'resend', 'resend entry'] as const),
);

/** @param receives that the messages have behind them. */
const uploads = (receives: fc.Arbitrary<number>) =>
  fc
    .tuple(
      fc.uniqueArray(key, { minLength: 1, maxLength: 2 }),
      fc.constantFrom('good', POISON),
      events,
      receives,
    )
    .map((given) =>
      command('upload', given, (pipeline, model) => upload(model, pipeline, ...given)),
    );
const overwrites = key.map((one) =>
  command('overwrite', [one], (pipeline, model) => upload(model, pipeline, [one], 'good', [0])),
);
const start = fc.constant(command('start', [], (pipeline) => pipeline.start()));
const advance = (most: number) =>
  fc
    .nat(most)
    .map((milliseconds) =>
      command('advance', [milliseconds], (pipeline) => pipeline.clock.advance(milliseconds / 1000)),
    );

const fail = (what: fc.Arbitrary<Failing>, most: number) =>
  fc
    .tuple(what, moment, fc.integer({ min: 1, max: most }))
    .map(([one, when, count]) =>
      command('fail', [one, when, count], (pipeline) => pipeline.expect(one, when, count)),
    );

const always: fc.Arbitrary<Command>[] = [
  // Most faults need several workers, and sources that change under their hands.
  ...[overwrites, overwrites, overwrites, start, start],
  ...[advance(300), advance(3000), advance(40_000)],
  key.map((one) => command('delete', [one], (pipeline) => pipeline.sources.delete(one))),
  which.map((index) =>
    command('SIGTERM', [index], (pipeline) => {
      disrupt(pipeline);
      pipeline.terminations += 1;
      pipeline.alive(index)?.worker.drain();
    }),
  ),
  which.map((index) =>
    command('SIGKILL', [index], (pipeline) => {
      disrupt(pipeline);
      pipeline.kill(index);
    }),
  ),
  fc.tuple(which, fc.integer({ min: 1, max: 70 })).map(([index, seconds]) =>
    command('freeze', [index, seconds], (pipeline) => {
      disrupt(pipeline);
      pipeline.losses += 1;
      pipeline.alive(index)?.life.freeze(seconds);
    }),
  ),
  fc.constant(
    command('expire', [], (pipeline) => {
      disrupt(pipeline);
      pipeline.losses += 1;
      pipeline.queue.expire();
    }),
  ),
  fc.integer({ min: 1, max: 90 }).map((seconds) =>
    command('outage', [seconds], async (pipeline) => {
      // What it costs a job before it is blameless.
      pipeline.disruptions += MAX_ATTEMPTS / 2;
      pipeline.isDown = true;
      await pipeline.clock.advance(seconds);
      pipeline.isDown = false;
    }),
  ),
];

/** Workers that lose their messages to one another. */
const losses = [...always, uploads(fc.constant(0)), uploads(fc.constant(0)), fail(anyFailing, 6)];
/** Failures that last. A message with half of its receives is sent again when it is released. */
const failures = [
  ...always,
  ...Array(2).fill(uploads(fc.constantFrom(0, 0, MAX_ATTEMPTS / 2, MAX_ATTEMPTS - 1))),
  ...[fail(anyFailing, 6), fail(anyFailing, 6), fail(keepingFailing, 12), fail(keepingFailing, 12)],
];

/** What is wrong with how a key ended, or nothing. */
function fault(
  pipeline: WorkersUnderFaults,
  one: string,
  { at, receives }: Uploaded,
): string | undefined {
  const body = pipeline.sources.body(one).toString();
  if (body === '') return undefined;
  const written = pipeline.outputsOf(one);
  const isRendered = written.length === 2 && written.every((output) => output === body);
  const letters = pipeline.deadLetters.letters.filter(
    (letter) => letter.body.includes(one) && Date.parse(letter.attributes.FailedAt ?? '') >= at,
  );
  const codes = letters.map(({ attributes }) => attributes.FaultCode ?? '');
  const isMoved = pipeline.queue.moved.some((moved) => moved.includes(one));
  // The dead letter of two keys names the one that can never be done, though the other one has used
  // up its attempts, too.
  const isGivenUp = letters.some(
    ({ attributes: { FaultCode, SourceKey, ReceiveCount } }) =>
      Number(ReceiveCount) >= MAX_ATTEMPTS &&
      (FaultCode !== 'Undecodable' || SourceKey !== encodeURIComponent(one)),
  );
  const isExplained = (isMoved || isGivenUp) && pipeline.disruptions + receives >= MAX_ATTEMPTS;
  const isTold = body.startsWith(POISON) ? codes.includes('Undecodable') : isRendered;
  // A lost message, an overwrite and a kill between the write and the look: not promised.
  const isUnpromised = pipeline.losses > 0 && pipeline.isLeftUnseen && written.every(Boolean);
  const isInterrupted = codes.includes('Interrupted') && pipeline.terminations >= MAX_INTERRUPTIONS;
  if (isTold || isExplained || isInterrupted || isUnpromised) return undefined;
  return (
    `${one} is ${body}, its outputs ${written.join(' and ')}, its dead letters ` +
    `${codes.join(', ') || 'none'} after ${pipeline.disruptions} disruption(s)`
  );
}

async function endsWell(
  seed: number,
  given: Iterable<Command>,
  { isDataset = false, isTakenBack = false },
) {
  const pipeline = new WorkersUnderFaults(seed, isDataset);
  const model: Model = { uploaded: new Map() };
  pipeline.start();
  await fc.asyncModelRun(() => ({ model, real: pipeline }), given);
  if (isTakenBack) pipeline.takeBack();
  await pipeline.comeToRest();
  expect(
    [...model.uploaded].flatMap(([one, uploaded]) => fault(pipeline, one, uploaded) ?? []),
  ).toEqual([]);
  expect(pipeline.writtenSources.filter((one) => !model.uploaded.has(one))).toEqual([]);
  expect(pipeline.defects).toEqual([]);
  for (const { attributes } of pipeline.deadLetters.letters) {
    expect(attributes).toMatchObject({
      FaultCode: expect.any(String),
      FaultMessage: expect.any(String),
      SourceKey: expect.stringMatching(/^ecsproc%2Fk\d$/),
    });
  }
}

describe.each([
  ['its newest renditions', false, 250],
  ['a sample of its newest version', true, 125],
])('every object ends as %s or as a dead letter with its reason', (_end, isDataset, runs) => {
  test.each([
    ['are lost to one another', losses, true],
    ['fail again and again', failures, false],
  ])(
    'however jobs %s',
    async (_what, commands, isTakenBack) => {
      await fc.assert(
        fc.asyncProperty(
          fc.nat(),
          fc.commands(commands, { maxCommands: 30, size: 'max' }),
          (seed, given) => endsWell(seed, given, { isDataset, isTakenBack }),
        ),
        { numRuns: Number(process.env.MODEL_RUNS ?? runs) },
      );
    },
    600_000,
  );
});
