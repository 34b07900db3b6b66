import type { StopCode } from '../ecs/fleet';
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
export function reasonOfExit(exit: TaskExit): StopReason {
  return 'failure' in exit
    ? { stopCode: 'TaskFailedToStart', reason: exit.failure }
    : { stopCode: 'EssentialContainerExited', reason: 'Essential container in task exited' };
}
