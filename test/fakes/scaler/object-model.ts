import {
  type ActiveTask,
  NOTHING_LAUNCHED,
  type StoppedTask,
  type Tasks,
} from '../../../lambda/scaler/ports';
import { scale } from '../../../lambda/scaler/scale';
import { exampleSettings, MINUTE, NO_JOB_METRICS, NOW } from './examples';

const SECOND = 1_000;
/**
 * From RunTask to the receive, after the next run; from a lost task until its message is visible
 * again.
 */
const [START, HIDDEN] = [90 * SECOND, 120 * SECOND];

export interface ObjectModelOptions {
  readonly maxTasks: number;
  readonly jobSeconds: number;
  /** 0 to less than 1, for each thing that may happen otherwise. */
  readonly random: () => number;
  /** Share of the tasks that are killed while they work. */
  readonly killed?: number;
  /** Share of the tasks of a call that ECS does not launch. */
  readonly refused?: number;
}

interface ModelTask extends ActiveTask {
  readonly startedAt: number;
  holds: boolean;
  endsAt: number;
  isKilled: boolean;
}

/** Messages as numbers, and tasks that take one each: fast enough for many thousands. */
export class ObjectModel {
  at = NOW;
  done = 0;
  launched = 0;
  /** Most tasks at a time. */
  largest = 0;
  private visible = 0;
  private readonly returning: number[] = [];
  private tasks: ModelTask[] = [];

  constructor(private readonly options: ObjectModelOptions) {}

  get left(): number {
    return this.visible + this.returning.length + this.tasks.filter(({ holds }) => holds).length;
  }

  upload(count: number): void {
    this.visible += count;
  }

  /** A run of the scaler each minute until nothing is left, or for as long. */
  async runFor(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes && this.left > 0; minute += 1) {
      await this.runScaler();
      this.largest = Math.max(this.largest, this.tasks.length);
      for (const end = this.at + MINUTE; this.at < end; this.at += SECOND) this.second();
    }
  }

  private second(): void {
    const { jobSeconds, killed = 0, random } = this.options;
    for (let due = this.returning[0] ?? Number.POSITIVE_INFINITY; due <= this.at; ) {
      this.returning.shift();
      this.visible += 1;
      due = this.returning[0] ?? Number.POSITIVE_INFINITY;
    }
    for (const task of this.tasks) {
      if (task.startedAt !== this.at || this.visible === 0) continue;
      this.visible -= 1;
      task.isKilled = random() < killed;
      Object.assign(task, { holds: true, endsAt: this.at + jobSeconds * SECOND });
    }
    for (const task of this.tasks.filter(({ endsAt }) => endsAt <= this.at)) this.end(task);
    this.tasks = this.tasks.filter(({ endsAt }) => endsAt > this.at);
  }

  private end({ holds, isKilled }: ModelTask): void {
    if (!holds) return;
    if (isKilled) this.returning.push(this.at + HIDDEN);
    else this.done += 1;
  }

  private async runScaler(): Promise<void> {
    const { maxTasks } = this.options;
    const inFlight = this.left - this.visible;
    await scale(
      exampleSettings({ maxTasks }, { scalingPolicy: 'per-object' }),
      {
        parameters: { read: async () => new Map([['task-definition', 'photos:7']]) },
        queue: { depth: async () => ({ backlog: this.visible, inFlight, delayed: 0 }) },
        jobMetrics: NO_JOB_METRICS,
        network: { freeAddresses: async () => new Map([['subnet-1', 2 * maxTasks]]) },
        tasks: this.ecs(),
      },
      { now: () => this.at, remainingMilliseconds: () => MINUTE, scheduledMinute: this.at },
    );
  }

  private ecs(): Tasks {
    const { refused = 0, random } = this.options;
    return {
      active: async () =>
        this.tasks.map(({ startedAt, ...task }) =>
          startedAt <= this.at ? { ...task, startedAt, state: 'running' } : task,
        ),
      stopped: async (): Promise<readonly StoppedTask[]> => [],
      launch: async ({ count, taskDefinition, capacityProvider }) => {
        const retryable = Array.from({ length: count }).filter(() => random() < refused).length;
        const createdAt = this.at;
        const startedAt = createdAt + START;
        for (let index = retryable; index < count; index += 1)
          this.tasks.push({
            ...{ taskDefinition, capacityProvider, createdAt, startedAt, state: 'pending' },
            // One that gets no message waits for the idle time.
            ...{ holds: false, isKilled: false, endsAt: startedAt + 20 * SECOND },
          });
        this.launched += count - retryable;
        return { ...NOTHING_LAUNCHED, launched: count - retryable, retryable };
      },
    };
  }
}
