import { type Clock, pause } from '../../../application-code/worker/src/clock';
import { createWorker } from '../../../application-code/worker/src/worker';
import {
  type ActiveTask,
  type LaunchBatch,
  type LaunchResult,
  NOTHING_LAUNCHED,
  type StoppedTask,
  type Tasks,
} from '../../../lambda/scaler/ports';
import { scale } from '../../../lambda/scaler/scale';
import { FakeClock } from '../clock';
import { FakeDeadLetterQueue, FakeQueue } from '../queue';
import { s3Event } from '../worker/events';
import { FakeOutputs, FakeProcessor, FakeSources, planOf } from '../worker/fake-buckets';
import { exampleSettings, MINUTE, NO_JOB_METRICS } from './examples';

const MAX_ATTEMPTS = 8;
/** Seconds from RunTask to the start of the worker. */
const START = 40;
/** Milliseconds for which ECS lists a stopped task. */
const LISTED = 60 * MINUTE;

interface Launched {
  readonly task: Omit<ActiveTask, 'state' | 'startedAt'>;
  startedAt?: number;
  end?: { readonly stoppedAt: number; readonly exitCode: number };
}

/**
 * The scaler with real workers as its tasks, each started with the variables of its launch: on one
 * clock, which goes only when it is told to, one queue and two buckets.
 */
export class WorkerFleet {
  readonly clock = new FakeClock();
  readonly queue = new FakeQueue(this.clock, 60, MAX_ATTEMPTS + 2);
  readonly deadLetters = new FakeDeadLetterQueue();
  readonly sources = new FakeSources();
  readonly destination = new FakeOutputs();
  readonly processor = new FakeProcessor(['s']);
  readonly launched: Launched[] = [];
  /** Most tasks at a time. */
  largest = 0;

  constructor(private readonly maxTasks: number) {}

  upload(count: number): void {
    for (let index = 0; index < count; index += 1) {
      this.sources.put(`ecsproc/${index}`, `body ${index}`);
      this.queue.send(s3Event(`ecsproc/${index}`));
    }
  }

  /** Makes each job take this long. */
  jobsTake(seconds: number): void {
    this.processor.during = () => pause(this.clock as Clock, seconds * 1000);
  }

  /** Runs the scaler every minute until the queue is empty, or for as long. */
  async runFor(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes && this.queue.size > 0; minute += 1) {
      await this.runScaler();
      this.largest = Math.max(this.largest, this.alive().length);
      await this.clock.advance(60);
    }
  }

  private async runScaler(): Promise<void> {
    const now = this.clock.now();
    const { maxTasks } = this;
    const settings = exampleSettings({ maxTasks }, { scalingPolicy: 'per-object' });
    const { visible, size } = this.queue;
    await scale(
      settings,
      {
        parameters: { read: async () => new Map([['task-definition', 'photos:7']]) },
        queue: { depth: async () => ({ backlog: visible, inFlight: size - visible, delayed: 0 }) },
        jobMetrics: NO_JOB_METRICS,
        network: { freeAddresses: async () => new Map([['subnet-1', 10 * maxTasks]]) },
        tasks: this.tasks(),
      },
      { now: () => now, remainingMilliseconds: () => 60_000, scheduledMinute: now },
    );
  }

  private alive(): readonly Launched[] {
    return this.launched.filter(({ end }) => end === undefined);
  }

  private tasks(): Tasks {
    return {
      active: async () =>
        this.alive().map(({ task, startedAt }) => ({
          ...task,
          ...(startedAt === undefined ? { state: 'pending' } : { state: 'running', startedAt }),
        })),
      stopped: async () => this.stopped(),
      launch: async (batch) => this.launch(batch),
    };
  }

  private stopped(): readonly StoppedTask[] {
    const now = this.clock.now();
    return this.launched.flatMap(({ task, startedAt = 0, end }) =>
      end && now - end.stoppedAt <= LISTED
        ? [{ ...task, ...end, startedAt, stopCode: 'EssentialContainerExited' }]
        : [],
    );
  }

  private launch({ count, variables, taskDefinition, capacityProvider }: LaunchBatch) {
    for (let index = 0; index < count; index += 1) {
      const createdAt = this.clock.now();
      const one: Launched = { task: { taskDefinition, capacityProvider, createdAt } };
      this.launched.push(one);
      this.clock.after(START * 1000, () => void this.start(one, Number(variables.JOB_LIMIT)));
    }
    const result: LaunchResult = { ...NOTHING_LAUNCHED, launched: count };
    return result;
  }

  private async start(one: Launched, jobLimit: number): Promise<void> {
    one.startedAt = this.clock.now();
    const worker = createWorker(
      this,
      {
        sourceBucket: 'photos',
        sourcePrefix: 'ecsproc/',
        destinationPrefix: 'processed/',
        outputs: [planOf('s')],
        maxSourceBytes: 1_000,
        jobConcurrency: 20,
        visibilityTimeoutSeconds: 60,
        jobTimeoutSeconds: 120,
        maxAttempts: MAX_ATTEMPTS,
        maxInterruptions: 20,
        jobLimit,
        idleExitSeconds: 20,
        maxTaskSeconds: 3_600,
        drainDeadlineSeconds: 100,
        onInterruption: 'finish',
      },
      { clock: this.clock },
    );
    const { exitCode } = await worker.run();
    one.end = { stoppedAt: this.clock.now(), exitCode };
  }
}
