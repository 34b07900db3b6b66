import { billedSeconds } from '../../contract/bill';
import { NO_TASKS } from '../../lambda/scaler/decision/decide';
import {
  type ActiveTask,
  type CapacityProvider,
  type Fleet,
  type LaunchBatch,
  type LaunchResult,
  NOTHING_LAUNCHED,
  type StoppedTask,
  TASKS_PER_CALL,
  type Tasks,
} from '../../lambda/scaler/ports';
import type { Agenda } from '../agenda';
import type { Chance } from '../chance';
import type { Figures } from '../scenario';
import { Capacity } from '../workers/capacity';
import type { Worker } from '../workers/crew';
import type { WorkerOptions, Workers } from '../workers/workers';
import { LaunchRate } from './launch-rate';
import { LaunchTokens } from './launch-tokens';
import type { Subnets } from './subnets';

/** What ECS does to a task besides starting it. */
export interface TaskLimits {
  readonly vcpus: number;
  readonly idleExitSeconds: number;
  readonly maxTaskSeconds: number;
  readonly drainDeadlineSeconds: number;
}

export interface EcsModel {
  readonly agenda: Agenda;
  readonly chance: Chance;
  readonly figures: Figures;
  readonly workers: Workers;
  readonly subnets: Subnets;
  /** Stopped tasks that are listed; of more the latest ones. */
  readonly mostStopped: number;
  /** Tasks of one job each that may act as one. */
  readonly tasksTogether: number;
  /** Milliseconds since the epoch of a second of the run. */
  readonly timeOf: (seconds: number) => number;
}

/** A task, or several that act as one. */
interface RunningTask {
  /** As ECS lists each of them. */
  listed: ActiveTask;
  readonly capacityProvider: CapacityProvider;
  /** Seconds from which it is billed. */
  readonly billedFrom: number;
  /** Of each of them. */
  readonly subnets: string[];
  readonly options: WorkerOptions;
  worker?: Worker;
}

const HOUR = 3_600;

/** Starts, interrupts and stops tasks as ECS does on Fargate, and counts what is billed. */
export class Ecs implements Tasks, Fleet {
  /** Tasks at this moment. */
  readonly counts = { ...NO_TASKS };
  readonly launched = { ...NO_TASKS };
  readonly refused = { 'on-demand-vcpus': 0, 'spot-vcpus': 0, 'spot-capacity': 0 };
  interrupted = 0;
  /** When the last task stopped. */
  lastStop = 0;
  readonly tasksPerCall: number;
  private readonly running = new Set<RunningTask>();
  private readonly billed = { ...NO_TASKS };
  private readonly rates = { FARGATE: new LaunchRate(), FARGATE_SPOT: new LaunchRate() };
  private readonly latest: Partial<Record<CapacityProvider, RunningTask>> = {};
  private readonly capacity: Capacity;
  private stoppedTasks: StoppedTask[] = [];
  private readonly tokens = new LaunchTokens();

  constructor(
    private readonly model: EcsModel,
    private readonly limits: TaskLimits,
  ) {
    const { agenda, figures } = model;
    this.capacity = new Capacity(figures, limits.vcpus);
    this.tasksPerCall = Math.max(TASKS_PER_CALL, model.tasksTogether);
    const { spotEndsAtSeconds } = figures;
    if (spotEndsAtSeconds !== undefined)
      agenda.at(spotEndsAtSeconds, () => this.interruptAllOfSpot());
  }

  async active(): Promise<readonly ActiveTask[]> {
    const tasks: ActiveTask[] = [];
    for (const { listed, subnets } of this.running) for (const _ of subnets) tasks.push(listed);
    return tasks;
  }

  /** ECS lists them for an hour. */
  async stopped(): Promise<readonly StoppedTask[]> {
    const { agenda, timeOf, mostStopped } = this.model;
    const since = timeOf(agenda.now - HOUR);
    const latest = this.stoppedTasks.slice(-mostStopped);
    this.stoppedTasks = latest.filter(({ stoppedAt }) => stoppedAt > since);
    return this.stoppedTasks;
  }

  async isActive(): Promise<boolean> {
    return this.running.size > 0;
  }

  async launch(batch: LaunchBatch): Promise<LaunchResult> {
    const { capacityProvider, count, clientToken } = batch;
    const { now } = this.model.agenda;
    if (this.tokens.isUsed(clientToken, now))
      return { ...NOTHING_LAUNCHED, alreadyLaunched: count };
    const tasks = this.counts[capacityProvider];
    const { fault, limit, room } = this.capacity.room(capacityProvider, { now, tasks });
    const launched = Math.min(count, room);
    const rate = this.rates[capacityProvider];
    for (let task = 0; task < launched; task += 1) this.add(batch, rate.take(now));
    const refused = count - launched;
    if (launched > 0) this.tokens.use(clientToken);
    if (refused === 0) return { ...NOTHING_LAUNCHED, launched };
    this.refused[limit] += 1;
    return { ...NOTHING_LAUNCHED, launched, [fault]: refused, reasons: [limit] };
  }

  /** Seconds that the calls of a run have taken, since ECS limits how many tasks start. */
  secondsOfCalls(): number {
    const { now } = this.model.agenda;
    return Math.max(this.rates.FARGATE.delay(now), this.rates.FARGATE_SPOT.delay(now));
  }

  /** Whether only tasks are left that stay when the queue is empty. */
  isIdle(): boolean {
    return [...this.running].every(({ listed }) => listed.isWarm);
  }

  tasksByState() {
    const running = { ...NO_TASKS };
    const pending = { ...NO_TASKS };
    for (const { listed, capacityProvider, subnets } of this.running)
      (listed.state === 'running' ? running : pending)[capacityProvider] += subnets.length;
    return { running, pending };
  }

  /** Billed so far, running tasks included. */
  billedSeconds() {
    const { now } = this.model.agenda;
    const sum = { ...this.billed };
    for (const { capacityProvider, billedFrom, subnets } of this.running)
      sum[capacityProvider] += subnets.length * Math.max(0, now - billedFrom);
    return sum;
  }

  /** Tasks that start one after the other may act as one. */
  private add(batch: LaunchBatch, createdSeconds: number): void {
    const { capacityProvider, variables, subnets } = batch;
    const subnet = this.model.subnets.take(subnets);
    const last = this.latest[capacityProvider];
    const mayJoin = variables.JOB_LIMIT !== undefined && last?.listed.state === 'pending';
    if (mayJoin && last.subnets.length < this.model.tasksTogether) last.subnets.push(subnet);
    else this.latest[capacityProvider] = this.create(batch, createdSeconds, subnet);
    this.counts[capacityProvider] += 1;
    this.launched[capacityProvider] += 1;
  }

  private create(batch: LaunchBatch, createdSeconds: number, subnet: string): RunningTask {
    const { agenda, chance, figures, timeOf } = this.model;
    const { capacityProvider, taskDefinition, variables } = batch;
    const isWarm = variables.IDLE_EXIT_SECONDS !== undefined;
    const startSeconds = chance.around(figures.startSeconds, figures.startSpread);
    const task: RunningTask = {
      listed: {
        taskDefinition,
        capacityProvider,
        createdAt: timeOf(createdSeconds),
        state: 'pending',
        ...(isWarm && { isWarm }),
      },
      capacityProvider,
      billedFrom: createdSeconds + Math.min(startSeconds, figures.unbilledSeconds),
      subnets: [subnet],
      options: {
        idleExitSeconds: Number(variables.IDLE_EXIT_SECONDS ?? this.limits.idleExitSeconds),
        ...(variables.JOB_LIMIT !== undefined && { jobLimit: Number(variables.JOB_LIMIT) }),
      },
    };
    this.running.add(task);
    agenda.at(createdSeconds + startSeconds, () => this.start(task));
    return task;
  }

  private start(task: RunningTask): void {
    const { agenda, chance, figures, workers, timeOf } = this.model;
    if (!this.running.has(task)) return;
    task.listed = { ...task.listed, state: 'running', startedAt: timeOf(agenda.now) };
    if (figures.failingTasks > 0 && chance.uniform() < figures.failingTasks) {
      this.stop(task, 1);
      return;
    }
    const worker = workers.start({ ...task.options, tasks: task.subnets.length }, () =>
      this.stop(task, 0),
    );
    task.worker = worker;
    const oldAt = agenda.now + this.limits.maxTaskSeconds;
    // One that has a limit of jobs ends by it, or idle, long before.
    if (task.options.jobLimit === undefined) agenda.at(oldAt, () => workers.drain(worker));
    const { interruptionsPerHour } = figures;
    if (task.capacityProvider === 'FARGATE_SPOT' && interruptionsPerHour > 0) {
      const interruptedAt = agenda.now + chance.exponential(HOUR / interruptionsPerHour);
      // Later it takes no more jobs.
      if (interruptedAt < oldAt) agenda.at(interruptedAt, () => this.interrupt(task));
    }
  }

  private interruptAllOfSpot(): void {
    for (const task of this.running)
      if (task.capacityProvider === 'FARGATE_SPOT') this.interrupt(task);
  }

  /** SIGTERM two minutes ahead: the worker drains. A task that is starting ends at once. */
  private interrupt(task: RunningTask): void {
    const { agenda, workers } = this.model;
    if (!this.running.has(task) || task.worker?.isLeaving) return;
    this.interrupted += task.subnets.length;
    if (task.worker) workers.drain(task.worker, agenda.now + this.limits.drainDeadlineSeconds);
    else this.stop(task);
  }

  /** @param exitCode absent: its container never ran. */
  private stop(task: RunningTask, exitCode?: number): void {
    const { agenda, timeOf } = this.model;
    const { capacityProvider, billedFrom, listed, subnets } = task;
    const stopped = {
      ...listed,
      stoppedAt: timeOf(agenda.now),
      stopCode: exitCode === undefined ? 'SpotInterruption' : 'EssentialContainerExited',
      ...(exitCode !== undefined && { exitCode }),
    };
    this.running.delete(task);
    this.lastStop = agenda.now;
    for (const subnet of subnets) {
      this.counts[capacityProvider] -= 1;
      if (agenda.now >= billedFrom)
        this.billed[capacityProvider] += billedSeconds(agenda.now - billedFrom);
      this.model.subnets.free(subnet);
      this.stoppedTasks.push(stopped);
    }
  }
}
