import type { Call } from '../call';
import type { Exchange, Strike } from '../fault-proxy';
import { S3_FAULTS } from '../faults/s3-faults';
import { type Change, type ChaosObject, photoOf, poison, type Version } from '../objects';
import { type ChaosProgram, rejected } from '../program/program';

/** A job from its receive to its end, alone in the queue. */
export interface Story {
  readonly title: string;
  readonly object: ChaosObject;
  readonly maxAttempts: number;
  /** How it may end. */
  readonly ends: readonly string[];
  /** How else it may end when a worker dies in it. */
  readonly endsAfterDeath?: readonly string[];
  /** @param nth how many calls there were of this operation for this key, this one included. */
  readonly script?: (call: Call, nth: number) => Strike | undefined;
  /** What does the job; default: images. */
  readonly program?: ChaosProgram;
  /** Operations at which workers die; default: all. */
  readonly diesAt?: readonly string[];
  /** After its n-th GetObject the task gets SIGTERM. */
  readonly drainAtGet?: number;
}

/** As often as the worker's client tries one write. */
const REFUSED_WRITES = 4;
/** Four pieces of a body, each after such a pause, take longer than two heartbeats. */
const SLOW_MILLISECONDS = 1_000;

const slowDown: Strike = async (exchange) => {
  const fault = S3_FAULTS.find(({ kind }) => kind === 's3-slow-down');
  await fault?.strike(exchange, 0);
};
const slowBody = async ({ forward, dribble }: Exchange) =>
  dribble(await forward(), SLOW_MILLISECONDS, 4);

const isFirst = (operation: string) => (call: Call, nth: number) =>
  call.operation === operation && nth === 1;
const isFirstGet = isFirst('GetObject');

const alone = (first: Version, changes: readonly Change[] = []): ChaosObject => ({
  path: 'alone.png',
  first,
  changes,
  isAnnouncedTwice: false,
});

/** The run of a program, in place of an operation of AWS. */
export const RUN = 'the run of the program';

/** A worker dies while its program runs, too; what it has left behind must not be in the way. */
export async function makeProgramStories(program: ChaosProgram): Promise<readonly Story[]> {
  // The other operations are those of any job.
  const usual = {
    program,
    maxAttempts: 8,
    diesAt: [RUN, 'PutObject', 'SendMessage', 'HeadObject'],
  };
  return [
    {
      title:
        program.recipe.definition.outputs === 'any' ? 'a program, and its manifest' : 'a program',
      ...usual,
      object: alone(await photoOf(0, 'png')),
      ends: ['renditions'],
    },
    {
      title: 'a program that rejects its input',
      ...usual,
      object: alone(await rejected()),
      ends: ['JobRejected'],
      endsAfterDeath: ['JobRejected, JobRejected'],
    },
  ];
}

/** Between them they have every effect that a worker can have. */
export async function makeStories(): Promise<readonly Story[]> {
  const photo = await photoOf(0, 'png');
  const overwritten = alone(photo, [
    {
      at: { operation: 'PutObject', moment: 'after' },
      to: await photoOf(1, 'png'),
      holdMilliseconds: 0,
    },
  ]);
  const usual = { object: alone(photo), maxAttempts: 8, ends: ['renditions'] };
  return [
    { title: 'a photo', ...usual },
    {
      title: 'a file that is no photo',
      ...usual,
      object: alone(await poison(0)),
      ends: ['UnsupportedFormat'],
      endsAfterDeath: ['UnsupportedFormat, UnsupportedFormat'],
    },
    {
      title: 'a photo that is overwritten between its two writes',
      ...usual,
      object: overwritten,
    },
    {
      title: 'a photo whose first writes are refused, which is released',
      ...usual,
      script: ({ operation, key = '' }, nth) =>
        operation === 'PutObject' && key.includes('/s/') && nth <= REFUSED_WRITES
          ? slowDown
          : undefined,
    },
    {
      title: 'a photo whose download outlasts two heartbeats',
      ...usual,
      script: (call, nth) => (isFirstGet(call, nth) ? slowBody : undefined),
    },
    {
      title: 'a drain that releases the job',
      ...usual,
      drainAtGet: 1,
      script: (call, nth) => (isFirstGet(call, nth) ? slowBody : undefined),
    },
    {
      title: 'a drain that sends the job again',
      ...usual,
      maxAttempts: 2,
      drainAtGet: 1,
      script: (call, nth) => (isFirstGet(call, nth) ? slowBody : undefined),
    },
    {
      title: 'a photo whose last attempt fails',
      ...usual,
      maxAttempts: 1,
      // Four tries of a write take about as long as a job may.
      ends: ['DestinationUnavailable', 'JobTimeout'],
      endsAfterDeath: [
        'WorkerLost',
        'DestinationUnavailable, WorkerLost',
        'JobTimeout, WorkerLost',
      ],
      script: ({ operation }) => (operation === 'PutObject' ? slowDown : undefined),
    },
  ];
}
