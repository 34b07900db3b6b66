import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FaultWorld, MAX_ATTEMPTS, POISON } from './fakes/fault-world';
import type { Effect, Moment } from './fakes/life';

/** What was asked for; everything else is looked up in the world. */
interface Model {
  readonly uploaded: Set<string>;
}

type Command = fc.AsyncCommand<Model, FaultWorld>;

/** A command that can always be given, shown as its name with what it was given. */
function command(
  name: string,
  given: readonly unknown[],
  run: (world: FaultWorld, model: Model) => unknown,
): Command {
  return {
    check: () => true,
    run: async (model, world) => {
      await run(world, model);
      await world.clock.advance(0);
    },
    toString: () => `${name}(${given.map((one) => JSON.stringify(one)).join(', ')})`,
  };
}

const disrupt = (world: FaultWorld) => {
  world.disruptions += 1;
};

const key = fc.nat(5).map((index) => `ecsproc/k${index}`);
const events = fc.array(fc.nat(20), { minLength: 1, maxLength: 3 });
const which = fc.nat(3);
const moment = fc.constantFrom<Moment>('before', 'after');
const effect = fc.constantFrom<Effect | `${string} entry`>(
  'receive',
  'open',
  'read',
  'write',
  'look',
  'acknowledge',
  'change-visibility',
  'renew',
  'dead-letter',
  'acknowledge entry',
  'changeVisibility entry',
  'renew entry',
);

let versions = 0;

const upload = fc
  .tuple(fc.uniqueArray(key, { minLength: 1, maxLength: 2 }), fc.boolean(), events)
  .map(([keys, isPoison, when]) =>
    command('upload', [keys, isPoison ? POISON : 'good', when], (world, { uploaded }) => {
      versions += 1;
      for (const one of keys) uploaded.add(one);
      world.upload(keys, `${isPoison ? POISON : 'good'} ${versions}`, when);
    }),
  );
const overwrite = key.map((one) =>
  command('overwrite', [one], (world, { uploaded }) => {
    versions += 1;
    uploaded.add(one);
    world.upload([one], `good ${versions}`, [0]);
  }),
);
const start = fc.constant(command('start', [], (world) => world.start()));
const advance = (most: number) =>
  fc
    .nat(most)
    .map((milliseconds) =>
      command('advance', [milliseconds], (world) => world.clock.advance(milliseconds / 1000)),
    );

const commands: fc.Arbitrary<Command>[] = [
  // Several workers, and sources that change under their hands, must meet for most faults to matter.
  ...[upload, upload, overwrite, overwrite, overwrite, start, start],
  ...[advance(300), advance(3000), advance(40_000)],
  key.map((one) => command('delete', [one], (world) => world.sources.delete(one))),
  which.map((index) =>
    command('SIGTERM', [index], (world) => {
      disrupt(world);
      world.alive(index)?.worker.drain();
    }),
  ),
  which.map((index) =>
    command('SIGKILL', [index], (world) => {
      disrupt(world);
      world.kill(index);
    }),
  ),
  fc.tuple(which, fc.integer({ min: 1, max: 70 })).map(([index, seconds]) =>
    command('freeze', [index, seconds], (world) => {
      disrupt(world);
      world.losses += 1;
      world.alive(index)?.life.freeze(seconds);
    }),
  ),
  fc.constant(
    command('expire', [], (world) => {
      disrupt(world);
      world.losses += 1;
      world.queue.expire();
    }),
  ),
  fc
    .tuple(effect, moment, fc.integer({ min: 1, max: 6 }))
    .map(([what, when, count]) =>
      command('fail', [what, when, count], (world) => world.expect(what as Effect, when, count)),
    ),
  fc.integer({ min: 1, max: 90 }).map((seconds) =>
    command('outage', [seconds], async (world) => {
      world.isDown = true;
      await world.clock.advance(seconds);
      world.isDown = false;
    }),
  ),
];

/** What is wrong with how a key ended, or nothing. */
function fault(world: FaultWorld, one: string): string | undefined {
  const body = world.sources.body(one).toString();
  if (body === '') return undefined;
  const path = one.slice('ecsproc/'.length);
  const written = ['s', 'm'].map((name) =>
    world.renditions.written.get(`processed/${name}/${path}`)?.body.toString(),
  );
  const isRendered = written.every((rendition) => rendition === body);
  const letters = world.deadLetters.letters.filter((letter) => letter.body.includes(one));
  const codes = letters.map(({ attributes }) => attributes.FaultCode ?? '');
  const isMoved = world.queue.moved.some((moved) => moved.includes(one));
  const isGivenUp = isMoved || codes.some((code) => code !== 'Undecodable');
  const isExplained = isGivenUp && world.disruptions >= MAX_ATTEMPTS;
  const isTold = body.startsWith(POISON) ? codes.includes('Undecodable') : isRendered;
  // A lost message, an overwrite and a kill between the write and the look: not promised.
  const isUnpromised = world.losses > 0 && world.isLeftUnseen && written.every(Boolean);
  if (isTold || isExplained || isUnpromised) return undefined;
  return `${one} is ${body}, its renditions ${written.join(' and ')}, its dead letters ${codes.join(', ') || 'none'} after ${world.disruptions} disruption(s)`;
}

async function endsWell(seed: number, given: Iterable<Command>): Promise<void> {
  const world = new FaultWorld(seed);
  const model: Model = { uploaded: new Set() };
  world.start();
  await fc.asyncModelRun(() => ({ model, real: world }), given);
  await world.comeToRest();
  expect([...model.uploaded].flatMap((one) => fault(world, one) ?? [])).toEqual([]);
  const sourcesOf = [...world.renditions.written.keys()].map((one) =>
    one.replace(/^processed\/[sm]\//, 'ecsproc/'),
  );
  expect(sourcesOf.filter((one) => !model.uploaded.has(one))).toEqual([]);
  expect(world.defects).toEqual([]);
  for (const { attributes } of world.deadLetters.letters) {
    expect(attributes).toMatchObject({
      FaultCode: expect.any(String),
      FaultMessage: expect.any(String),
      SourceKey: expect.stringMatching(/^ecsproc%2Fk\d$/),
    });
  }
}

test('whatever happens, every object ends as its newest renditions or as a dead letter with its reason', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.commands(commands, { maxCommands: 30, size: 'max' }), endsWell),
    { numRuns: Number(process.env.MODEL_RUNS ?? 250) },
  );
}, 600_000);
