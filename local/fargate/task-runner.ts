import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath as nodePath } from 'node:process';
import { LocalModeError } from '../../folder/errors';
import type { Fleet } from '../ecs/fleet';
import type { Pipeline, TaskRunner, TaskRunnerEvents, TaskView } from '../ports';
import { openScratchFolder, type ScratchFolder } from '../scratch-folder';
import { containerVariables, workerOf, workloadOf } from './container';
import { createEcsTasks, type LogStream, type WantedTask } from './ecs-tasks';
import { type PollLoop, startPollLoop } from './poll-loop';
import type { TaskImage } from './task-image';
import {
  cannotStart,
  imageMissing,
  parseJobLine,
  startTaskProcess,
  type TaskProcess,
} from './task-process';
import {
  RUN_ENDS,
  SPOT_INTERRUPTION,
  type StopReason,
  stoppedByUser,
  TaskStates,
} from './task-states';

export interface TaskRunnerOptions {
  readonly pipeline: Pipeline;
  /** From `startEcsProxy`. */
  readonly fleet: Fleet;
  readonly events?: Partial<TaskRunnerEvents>;
  /** The program of all tasks; default: the worker of the task's workload. */
  readonly program?: string;
  /** The program in an image, instead of one for all tasks; undefined: no such image exists. */
  readonly programOf?: (image: string) => string | undefined;
  /** The image in which all tasks run; default: they are processes of this machine. */
  readonly image?: TaskImage;
  /** Writes the last lines of a task before it is shown as STOPPED; default: they are dropped. */
  readonly writeLog?: (log: LogStream, lines: readonly string[]) => Promise<void>;
  /** How often ECS is asked when no request comes through the proxy. */
  readonly pollMilliseconds?: number;
  /** From the SIGTERM of a Spot interruption to its SIGKILL. */
  readonly spotNoticeSeconds?: number;
  readonly now?: () => number;
}

/** The task runner with what tests need to break things. */
export interface LocalTaskRunner extends TaskRunner {
  /** Sends a signal to a task's process, as if it crashed or ran out of memory. */
  killTask(taskArn: string, signal: NodeJS.Signals): void;
  /** Interrupts a task on Spot: SIGTERM now, and SIGKILL two minutes later. */
  reclaimSpot(taskArn: string): void;
  /** SIGKILL to every task, without a drain, so that `stop` need not wait. */
  killAll(): void;
}

interface RunningTask {
  readonly wanted: WantedTask;
  readonly process: TaskProcess;
  readonly finished: Promise<void>;
}

/**
 * Plays Fargate for one pipeline. A run goes in this order, and ends in the opposite one:
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
 * Starts a process for each task that ECS wants (PENDING, then RUNNING). The process exits by
 * itself, or is stopped by StopTask, by a Spot interruption or by the end of the run (STOPPING).
 * Once the process is gone, the task is STOPPED, here and in ECS.
 */
class FargateRunner implements LocalTaskRunner {
  private readonly ecs;
  private readonly fleet;
  private readonly states;
  private readonly seen = new Set<string>();
  private readonly running = new Map<string, RunningTask>();
  private loop: PollLoop | undefined;
  private scratch: ScratchFolder | undefined;
  private drained: Promise<void> | undefined;

  constructor(private readonly options: TaskRunnerOptions) {
    const { pipeline, fleet, now = Date.now, events } = options;
    this.ecs = createEcsTasks(pipeline);
    this.fleet = fleet;
    this.states = new TaskStates(fleet, this.ecs, now, events?.onTaskStopped);
  }

  /** @throws LocalModeError when the program of the tasks is missing. */
  async start(): Promise<void> {
    await this.checkProgram();
    const scratch = await openScratchFolder();
    this.scratch = scratch;
    // The emulator's own `died` reports that it does not answer. Running tasks continue meanwhile.
    const poll = () => this.poll(scratch).catch(() => undefined);
    this.loop = startPollLoop(poll, this.options.pollMilliseconds ?? 250);
    this.fleet.on('request', this.loop.wake);
  }

  /** The program of an image is looked up when a task needs it. */
  private async checkProgram(): Promise<void> {
    const { programOf, program, pipeline } = this.options;
    if (programOf) return;
    const file = program ?? workerOf(pipeline.workload);
    await access(file).catch(() => {
      throw new LocalModeError(
        `The worker's bundle is missing at ${file}: make it with \`npm run build\`.`,
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
      if (wanted.has(taskArn) || this.states.isEnding(taskArn)) continue;
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
    this.seen.add(taskArn);
    this.states.pending(wanted);
    const program = this.programOf(wanted);
    if (program === undefined) return this.states.stopped(taskArn, imageMissing(wanted.image));
    const folder = join(scratch.path, taskArn.slice(taskArn.lastIndexOf('/') + 1));
    try {
      await mkdir(folder);
    } catch (error) {
      return this.states.stopped(taskArn, cannotStart(error as Error));
    }
    const process = this.startProcess(wanted, { program, folder, guard: scratch });
    if (await process.started) this.states.running(taskArn);
  }

  private programOf(wanted: WantedTask): string | undefined {
    const { programOf, program } = this.options;
    return programOf ? programOf(wanted.image) : (program ?? workerOf(workloadOf(wanted)));
  }

  private startProcess(
    wanted: WantedTask,
    place: { readonly program: string; readonly folder: string; readonly guard: ScratchFolder },
  ): TaskProcess {
    const { taskArn, log } = wanted;
    const { pipeline, writeLog, image } = this.options;
    const { program, ...others } = place;
    const { endpoint } = pipeline;
    const process = startTaskProcess({
      ...others,
      ...(image?.launch(wanted, endpoint) ?? {
        command: [nodePath, program, ...(wanted.command ?? [])],
        environment: containerVariables(wanted, endpoint, place.folder),
      }),
      onStandardOutput: (line) => this.reportJob(taskArn, line),
    });
    const finished = process.exited.then(async (exit) => {
      await rm(place.folder, { recursive: true, force: true });
      if (log) await writeLog?.(log, process.logTail);
      await this.states.stopped(taskArn, exit, process.logTail);
      this.running.delete(taskArn);
    });
    this.running.set(taskArn, { wanted, process, finished });
    return process;
  }

  private reportJob(taskArn: string, line: string): void {
    const task = this.fleet.get(taskArn);
    const job = parseJobLine(line);
    if (!task || !job) return;
    if (job.event === 'job') {
      this.fleet.emit('job', job);
      this.options.events?.onJob?.(job, task);
    } else this.options.events?.onProgress?.(job, task);
  }

  private terminate(task: RunningTask, stop: StopReason, timeoutSeconds: number): void {
    if (this.states.stopping(task.wanted.taskArn, stop)) task.process.stop(timeoutSeconds);
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
