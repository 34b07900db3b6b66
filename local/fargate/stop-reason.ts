import type { StopCode } from './fleet';
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

/** A caller of StopTask need not give a reason; ECS then says this. */
export function stoppedByUser(reason: string | undefined): StopReason {
  return { stopCode: 'UserInitiated', reason: reason || 'Task stopped by user' };
}

/** Of a task whose image is nowhere. */
export function imageMissing(image: string): StopReason {
  const reason = `CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref ${image}: ${image}: not found`;
  return { stopCode: 'TaskFailedToStart', reason };
}

/** Of a task that nobody stopped. */
export function reasonOfExit(exit: TaskExit): StopReason {
  return 'failure' in exit
    ? { stopCode: 'TaskFailedToStart', reason: `CannotStartContainerError: ${exit.failure}` }
    : { stopCode: 'EssentialContainerExited', reason: 'Essential container in task exited' };
}
