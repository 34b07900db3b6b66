import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalModeError } from '../../folder/folder-error';
import type { Pipeline, TaskRunner, TaskRunnerEvents, TaskView } from '../ports';
import { openScratchFolder, type ScratchFolder } from '../scratch-folder';
import { createEcsTasks, type LogStream, type WantedTask } from './ecs-tasks';
import type { Fleet } from './fleet';
import { parseJobLine } from './job-line';
import { type PollLoop, startPollLoop } from './poll-loop';
import {
  imageMissing,
  RUN_ENDS,
  reasonOfExit,
  SPOT_INTERRUPTION,
  type StopReason,
  stoppedByUser,
} from './stop-reason';
import { taskEnvironment } from './task-environment';
import { startTaskProcess, type TaskExit, type TaskProcess } from './task-process';

export interface TaskRunnerOptions {
  readonly pipeline: Pipeline;
  /** From `startEcsProxy`. */
  readonly fleet: Fleet;
  readonly events?: Partial<TaskRunnerEvents>;
  /** The program of a task; default: the worker's bundle. Tests give a small stand-in. */
  readonly program?: string;
  /** The program in an image, instead of one program for all; undefined: there is no such image. */
  readonly programOf?: (image: string) => string | undefined;
  /** Where the last lines of a task go before it is shown as STOPPED; default: nowhere. */
  readonly writeLog?: (log: LogStream, lines: readonly string[]) => Promise<void>;
  /** How often ECS is asked when nothing comes through the proxy. */
  readonly pollMilliseconds?: number;
  /** From the SIGTERM of a Spot interruption to its SIGKILL. */
  readonly spotNoticeSeconds?: number;
  readonly now?: () => number;
}

/** The task runner with what tests need to break things. */
export interface LocalTaskRunner extends TaskRunner {
  /** Sends a signal to a task's process, as if it crashed or ran out of memory. */
  killTask(taskArn: string, signal: NodeJS.Signals): void;
  /** Takes a task's Spot capacity away: SIGTERM, and SIGKILL two minutes later. */
  reclaimSpot(taskArn: string): void;
  /**
   * SIGKILL to every task, without a drain: for the second Ctrl-C. A `stop` that waits is then
   * quick.
   */
  killAll(): void;
}

interface RunningTask {
  readonly wanted: WantedTask;
  readonly process: TaskProcess;
  readonly finished: Promise<void>;
}

const WORKER = join(__dirname, '..', '..', 'application-code', 'images', 'dist', 'main.js');

/**
 * Plays Fargate for one pipeline. The order of a run, and backwards at its end:
 *
 *     const emulator = await startEmulator();
 *     const proxy = await startEcsProxy(emulator.endpoint);
 *     const pipeline = await provision(emulator.endpoint, { ecsEndpoint: proxy.endpoint });
 *     const runner = createTaskRunner({ pipeline, fleet: proxy.fleet, events });
 *     await runner.start();
 *     …
 *     await runner.stop();
 *     await proxy.stop();
 *     await emulator.stop();
 */
export function createTaskRunner(options: TaskRunnerOptions): LocalTaskRunner {
  return new FargateRunner(options);
}

/**
 * A task is seen in ECS and its process started (PENDING, then RUNNING); it exits by itself, or is
 * stopped by StopTask, by a Spot interruption or by the end of the run (STOPPING); when the process
 * is gone it is STOPPED, here and in ECS.
 */
class FargateRunner implements LocalTaskRunner {
  private readonly ecs;
  private readonly fleet;
  private readonly now;
  private readonly program;
  private readonly programOf;
  private readonly seen = new Set<string>();
  private readonly running = new Map<string, RunningTask>();
  /** Tasks whose end has begun; the first reason stays. */
  private readonly stops = new Map<string, StopReason>();
  private loop: PollLoop | undefined;
  private scratch: ScratchFolder | undefined;
  private drained: Promise<void> | undefined;

  constructor(private readonly options: TaskRunnerOptions) {
    this.ecs = createEcsTasks(options.pipeline);
    this.fleet = options.fleet;
    this.now = options.now ?? Date.now;
    this.program = options.program ?? WORKER;
    this.programOf = options.programOf ?? (() => this.program);
  }

  /** @throws LocalModeError when the program of the tasks is missing. */
  async start(): Promise<void> {
    await this.checkProgram();
    const scratch = await openScratchFolder();
    this.scratch = scratch;
    // An emulator that does not answer is told by its own `died`; tasks that run go on meanwhile.
    const poll = () => this.poll(scratch).catch(() => undefined);
    this.loop = startPollLoop(poll, this.options.pollMilliseconds ?? 250);
    this.fleet.on('request', this.loop.wake);
  }

  /** An image is looked up when a task wants it. */
  private async checkProgram(): Promise<void> {
    if (this.options.programOf) return;
    await access(this.program).catch(() => {
      throw new LocalModeError(
        `The worker's bundle is missing at ${this.program}: make it with \`npm run build\`.`,
      );
    });
  }

  tasks(): readonly TaskView[] {
    return [...this.seen].flatMap((taskArn) => this.fleet.get(taskArn) ?? []);
  }

  stop(): Promise<void> {
    this.drained ??= this.drain();
    return this.drained;
  }

  killTask(taskArn: string, signal: NodeJS.Signals): void {
    this.find(taskArn).process.signal(signal);
  }

  reclaimSpot(taskArn: string): void {
    const task = this.find(taskArn);
    if (this.fleet.get(taskArn)?.capacityProvider !== 'FARGATE_SPOT') {
      throw new Error(
        `Only a task on FARGATE_SPOT can be reclaimed, and ${taskArn} runs on FARGATE.`,
      );
    }
    this.terminate(task, SPOT_INTERRUPTION, this.options.spotNoticeSeconds ?? 120);
  }

  killAll(): void {
    for (const { process } of this.running.values()) process.signal('SIGKILL');
  }

  private find(taskArn: string): RunningTask {
    const task = this.running.get(taskArn);
    if (!task) throw new Error(`No task ${taskArn} is running.`);
    return task;
  }

  private async poll(scratch: ScratchFolder): Promise<void> {
    const wanted = new Set(await this.ecs.wanted());
    for (const [taskArn, task] of this.running) {
      if (wanted.has(taskArn) || this.stops.has(taskArn)) continue;
      const reason = stoppedByUser(await this.ecs.stopReason(taskArn));
      this.terminate(task, reason, task.wanted.stopTimeoutSeconds);
    }
    const unseen = [...wanted].filter((taskArn) => !this.seen.has(taskArn));
    if (unseen.length === 0) return;
    for (const task of await this.ecs.describe(unseen)) await this.launch(task, scratch);
  }

  private async launch(wanted: WantedTask, scratch: ScratchFolder): Promise<void> {
    if (this.drained) return;
    const { taskArn } = wanted;
    const folder = join(scratch.path, taskArn.slice(taskArn.lastIndexOf('/') + 1));
    this.seen.add(taskArn);
    this.fleet.enter(taskArn, wanted.capacityProvider);
    const program = this.programOf(wanted.image);
    if (program === undefined) {
      const missing = imageMissing(wanted.image);
      this.stops.set(taskArn, missing);
      return this.finish(taskArn, { failure: missing.reason }, []);
    }
    try {
      await mkdir(folder);
    } catch (error) {
      return this.finish(taskArn, { failure: (error as Error).message }, []);
    }
    const process = startTaskProcess({
      program,
      folder,
      environment: taskEnvironment(wanted, this.options.pipeline.endpoint, folder),
      onStandardOutput: (line) => this.tellJob(taskArn, line),
      guard: scratch,
    });
    const finished = process.exited.then(async (exit) => {
      await rm(folder, { recursive: true, force: true });
      if (wanted.log) await this.options.writeLog?.(wanted.log, process.logTail);
      await this.finish(taskArn, exit, process.logTail);
    });
    this.running.set(taskArn, { wanted, process, finished });
    if (await process.started) this.markRunning(taskArn);
  }

  private markRunning(taskArn: string): void {
    if (this.fleet.get(taskArn)?.lastStatus !== 'PENDING') return;
    this.fleet.update(taskArn, { lastStatus: 'RUNNING', startedAt: this.now() });
  }

  private tellJob(taskArn: string, line: string): void {
    const task = this.fleet.get(taskArn);
    const job = parseJobLine(line);
    if (task && job) this.options.events?.onJob?.(job, task);
  }

  private terminate(task: RunningTask, stop: StopReason, timeoutSeconds: number): void {
    const { taskArn } = task.wanted;
    if (this.stops.has(taskArn)) return;
    this.stops.set(taskArn, stop);
    this.fleet.update(taskArn, {
      lastStatus: 'STOPPING',
      stoppingAt: this.now(),
      stopCode: stop.stopCode,
      stoppedReason: stop.reason,
    });
    task.process.stop(timeoutSeconds);
  }

  private async finish(taskArn: string, exit: TaskExit, logTail: readonly string[]): Promise<void> {
    const stop = this.stops.get(taskArn) ?? reasonOfExit(exit);
    this.stops.set(taskArn, stop);
    // ECS first, so that whoever sees STOPPED here finds the task in ECS's list of stopped ones,
    // too.
    await this.ecs.reportStopped(taskArn, stop.reason).catch(() => undefined);
    const task = this.fleet.update(taskArn, {
      lastStatus: 'STOPPED',
      stoppedAt: this.now(),
      stopCode: stop.stopCode,
      stoppedReason: stop.reason,
      ...('exitCode' in exit && { exitCode: exit.exitCode }),
    });
    this.running.delete(taskArn);
    this.options.events?.onTaskStopped?.(task, logTail);
  }

  private async drain(): Promise<void> {
    if (this.loop) this.fleet.off('request', this.loop.wake);
    await this.loop?.stop();
    const running = [...this.running.values()];
    for (const task of running) this.terminate(task, RUN_ENDS, task.wanted.stopTimeoutSeconds);
    await Promise.all(running.map(({ finished }) => finished));
    await this.scratch?.remove();
    this.ecs.close();
  }
}
