import { pause } from '../../../application-code/worker/src/clock';
import {
  type Fault,
  PermanentFault,
  TransientFault,
} from '../../../application-code/worker/src/faults';
import type { Log } from '../../../application-code/worker/src/log';
import { Tally } from '../../../application-code/worker/src/tally';
import { createWorker, type Worker } from '../../../application-code/worker/src/worker';
import type { WorkerSettings } from '../../../application-code/worker/src/worker-options';
import type { Processor } from '../../../application-code/worker/src/workload/workload';
import { FakeClock } from '../clock';
import { FakeDeadLetterQueue, FakeQueue } from '../queue';
import { s3Event } from './events';
import { FakeOutputs, FakeSources, planOf } from './fake-buckets';
import { partsIn, partsOf, samplesOf } from './fake-parts';
import { type Effect, FakeProcess, type Moment } from './fake-process';

export const MAX_ATTEMPTS = 6;
export const MAX_INTERRUPTIONS = 2;
/** Less than a job may take. */
const VISIBILITY_TIMEOUT_SECONDS = 15;
const OUTPUTS = [planOf('s'), planOf('m')];
const SETTINGS: Omit<WorkerSettings, 'onInterruption'> = {
  sourceBucket: 'photos',
  sourcePrefix: 'ecsproc/',
  destinationPrefix: 'processed/',
  outputs: OUTPUTS,
  maxSourceBytes: 1000,
  jobConcurrency: 3,
  visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
  jobTimeoutSeconds: 20,
  maxAttempts: MAX_ATTEMPTS,
  maxInterruptions: MAX_INTERRUPTIONS,
  idleExitSeconds: 10,
  maxTaskSeconds: 600,
  drainDeadlineSeconds: 8,
};

/** A source that begins with this cannot be decoded. */
export const POISON = 'poison';

interface Running {
  readonly life: FakeProcess;
  readonly worker: Worker;
  hasEnded: boolean;
}

/** A request, an entry of a batch, or a write: of one rendition, or a part's tar and its index. */
export type Failing =
  | Effect
  | `${'acknowledge' | 'changeVisibility' | 'resend'} entry`
  | 'write s'
  | 'write m';

interface Coming {
  readonly what: Failing;
  readonly when: Moment;
  left: number;
}

/** Several workers on one queue, one clock and one pair of buckets, and all their faults. */
export class WorkersUnderFaults {
  readonly clock = new FakeClock();
  readonly queue = new FakeQueue(this.clock, VISIBILITY_TIMEOUT_SECONDS, MAX_ATTEMPTS + 2);
  readonly deadLetters = new FakeDeadLetterQueue();
  readonly sources = new FakeSources();
  readonly destination = new FakeOutputs();
  readonly workers: Running[] = [];
  /** Everything that can have cost one message one receive. */
  disruptions = 0;
  /** SIGTERMs. */
  terminations = 0;
  /** Times that a worker may have lost a message without knowing it. */
  losses = 0;
  /** Whether a worker was killed that may have written and not yet looked again. */
  isLeftUnseen = false;
  /** Defects that workers ended with. */
  readonly defects: unknown[] = [];
  private readonly coming: Coming[] = [];
  private random: () => number;

  constructor(
    seed: number,
    /** Whether outputs are collected in parts. */
    readonly isDataset = false,
  ) {
    this.random = drawn(seed);
    this.queue.failing = (verb) => this.entryFails(verb);
    this.destination.failing = (key) => this.take(`write ${nameOf(key)}`) && failureOf('write');
  }

  /** What the newest version of a source has become, output by output. */
  outputsOf(key: string): readonly (string | undefined)[] {
    const { written } = this.destination;
    if (this.isDataset) return samplesOf(partsIn(written), key, this.sources.eTag(key))[0] ?? [];
    const path = key.slice('ecsproc/'.length);
    return OUTPUTS.map(({ name }) => written.text(`processed/${name}/${path}`));
  }

  /** The sources that something was written of. */
  get writtenSources(): readonly string[] {
    const { written } = this.destination;
    return this.isDataset
      ? partsIn(written).flatMap(({ samples }) => samples.map(({ key }) => key))
      : written.keys().map((key) => key.replace(/^processed\/[sm]\//, 'ecsproc/'));
  }

  /** @param receives that each of the messages has behind it. */
  upload(keys: readonly string[], body: string, events: readonly number[], receives = 0): void {
    for (const key of keys) this.sources.put(key, body);
    for (const delaySeconds of events)
      this.queue.send(s3Event(...keys), receives, { delaySeconds });
  }

  start(): void {
    const { clock } = this;
    const life = new FakeProcess({
      clock,
      mishap: (effect) => this.befalls(effect),
      latency: () => Math.floor(this.random() * 40),
    });
    const ports = life.ports({ ...this, processor: this.processor() });
    const log: Log = () => undefined;
    const onInterruption = this.random() < 0.5 ? 'stop' : 'finish';
    const settings: WorkerSettings = { ...SETTINGS, onInterruption };
    const seams = { clock: life.clock, random: this.random, log, tally: new Tally() };
    const parts = { ...seams, limits: { samples: 3, seconds: 20 } };
    const samples = this.isDataset ? partsOf(SETTINGS, ports.destination, parts) : undefined;
    const worker = createWorker({ ...ports, samples }, settings, seams);
    const running: Running = { life, worker, hasEnded: false };
    this.workers.push(running);
    worker.run().then(
      () => {
        running.hasEnded = true;
      },
      (error) => this.defects.push(error),
    );
  }

  /** One that works, if there is any. */
  alive(index: number): Running | undefined {
    const some = this.workers.filter(({ life, hasEnded }) => !life.isOver && !hasEnded);
    return some[index % some.length];
  }

  kill(index: number): void {
    const { life } = this.alive(index) ?? {};
    if (!life) return;
    life.end();
    const count = (one: Effect) => life.effects.filter((effect) => effect === one).length;
    this.isLeftUnseen ||= !this.isDataset && count('write') > OUTPUTS.length * count('look');
  }

  /** The next ones of a kind fail, before or after they have taken place. */
  expect(what: Failing, when: Moment, count: number): void {
    if (what.startsWith('change')) this.losses += 1;
    this.coming.push({ what, when, left: count });
  }

  set isDown(isDown: boolean) {
    const error = isDown ? new TransientFault('DestinationUnavailable', 'SlowDown') : undefined;
    this.destination.error = error;
    this.destination.probeError = error;
  }

  /** Nothing that was {@link expect}ed fails from now on. */
  takeBack(): void {
    this.coming.length = 0;
  }

  /** Lets fresh workers work until nothing is left to do. What is still to fail fails meanwhile. */
  async comeToRest(): Promise<void> {
    this.isDown = false;
    for (let round = 0; round < 60; round += 1) {
      if (this.queue.size === 0 && !this.alive(0)) return;
      if (!this.alive(0)) this.start();
      await this.clock.advance(60);
    }
    throw new Error(`Not at rest after an hour: ${this.queue.size} message(s) left.`);
  }

  private befalls(effect: Effect) {
    const mishap = this.take(effect);
    return mishap && { when: mishap.when, what: failureOf(effect) };
  }

  /** Entries of a batch fail one by one. */
  private entryFails(verb: string) {
    const mishap = this.take(`${verb} entry`);
    return mishap && { code: 'InternalError', senderFault: false };
  }

  private take(what: string): Coming | undefined {
    const mishap = this.coming.find((one) => one.what === what && one.left > 0);
    if (!mishap) return undefined;
    mishap.left -= 1;
    this.disruptions += 1;
    return mishap;
  }

  private processor(): Processor {
    return {
      process: async (source, { signal }) => {
        const body = await source.read();
        await pause(this.clock, this.random() * 6000, signal);
        signal.throwIfAborted();
        if (body.toString().startsWith(POISON))
          throw new PermanentFault('Undecodable', 'The picture is cut off.');
        return {
          figures: {},
          skipped: [],
          outputs: OUTPUTS.map(({ name }) => ({ name, body, contentType: 'image/png' })),
          milliseconds: { wait: 0, read: 0, render: 0 },
          release: () => undefined,
        };
      },
    };
  }
}

/** Of two objects that are written for a source, which one this is. */
const NAMES: Readonly<Record<string, string>> = { tar: 's', jsonl: 'm' };
const nameOf = (key: string) => NAMES[key.split('.').at(-1) ?? ''] ?? key.split('/')[1];

/** What the adapters make of a failed request: S3's are faults, those of SQS are errors. */
function failureOf(effect: Effect): Fault | Error {
  switch (effect) {
    case 'open':
    case 'read':
    case 'look':
      return new TransientFault('SourceUnavailable', 'InternalError');
    case 'write':
      return new TransientFault('DestinationUnavailable', 'InternalError');
    default:
      return new Error('ECONNRESET');
  }
}

/**
 * Numbers from 0 to less than 1, the same ones for the same seed:
 * https://en.wikipedia.org/wiki/Linear_congruential_generator
 */
function drawn(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
