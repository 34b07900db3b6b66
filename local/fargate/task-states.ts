import type { Fleet } from '../ecs/fleet';
import type { StopCode, TaskRunnerEvents } from '../ports';
import type { EcsTasks, WantedTask } from './ecs-tasks';
import type { TaskExit } from './task-process';

/** Why a task stops, in ECS's words. */
export interface StopReason {
  readonly stopCode: StopCode;
  readonly reason: string;
}

export const SPOT_INTERRUPTION: StopReason = {
  stopCode: 'SpotInterruption',
  reason: 'Your Spot Task was interrupted.',
};

export const RUN_ENDS: StopReason = { stopCode: 'UserInitiated', reason: 'The local run ends' };

/** ECS's own reason where the caller of StopTask names none. */
export function stoppedByUser(reason: string | undefined): StopReason {
  return { stopCode: 'UserInitiated', reason: reason || 'Task stopped by user' };
}

/** The reason of a task that ended by itself. */
function reasonOfExit(exit: TaskExit): StopReason {
  return 'failure' in exit
    ? { stopCode: 'TaskFailedToStart', reason: exit.failure }
    : { stopCode: 'EssentialContainerExited', reason: 'Essential container in task exited' };
}

/**
 * Moves tasks from one state to the next: PENDING, RUNNING, STOPPING, STOPPED. The fleet shows the
 * states, and ECS learns of the last one.
 */
export class TaskStates {
  /** Tasks whose end has begun. The first reason stays. */
  private readonly stops = new Map<string, StopReason>();

  constructor(
    private readonly fleet: Fleet,
    private readonly ecs: Pick<EcsTasks, 'reportStopped'>,
    private readonly now: () => number,
    private readonly onStopped: TaskRunnerEvents['onTaskStopped'] | undefined,
  ) {}

  pending({ taskArn, capacityProvider }: WantedTask): void {
    this.fleet.enter(taskArn, capacityProvider);
  }

  running(taskArn: string): void {
    if (this.fleet.get(taskArn)?.lastStatus !== 'PENDING') return;
    this.fleet.update(taskArn, { lastStatus: 'RUNNING', startedAt: this.now() });
  }

  isEnding(taskArn: string): boolean {
    return this.stops.has(taskArn);
  }

  /** @returns false for a task whose end has begun before. */
  stopping(taskArn: string, stop: StopReason): boolean {
    if (this.stops.has(taskArn)) return false;
    this.stops.set(taskArn, stop);
    this.fleet.update(taskArn, {
      lastStatus: 'STOPPING',
      stoppingAt: this.now(),
      stopCode: stop.stopCode,
      stoppedReason: stop.reason,
    });
    return true;
  }

  async stopped(taskArn: string, exit: TaskExit, logTail: readonly string[] = []): Promise<void> {
    const stop = this.stops.get(taskArn) ?? reasonOfExit(exit);
    this.stops.set(taskArn, stop);
    // ECS first, so that a task that is STOPPED here is in ECS's list of stopped tasks, too.
    await this.ecs.reportStopped(taskArn, stop.reason).catch(() => undefined);
    const task = this.fleet.update(taskArn, {
      lastStatus: 'STOPPED',
      stoppedAt: this.now(),
      stopCode: stop.stopCode,
      stoppedReason: stop.reason,
      ...('exitCode' in exit && { exitCode: exit.exitCode }),
    });
    this.onStopped?.(task, logTail);
  }
}
