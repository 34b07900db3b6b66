import { EventEmitter } from 'node:events';
import type { CapacityProvider, TaskView } from '../ports';
import type { FleetCount } from './capacity';

/** ECS's codes for the end of a task. */
export type StopCode =
  | 'EssentialContainerExited'
  | 'TaskFailedToStart'
  | 'UserInitiated'
  | 'SpotInterruption';

/** What the task runner knows about a task and the emulator does not. */
export interface TaskRecord extends TaskView {
  readonly stoppingAt?: number;
  readonly stopCode?: StopCode;
}

/**
 * The tasks of a run in the order of their launch. The ECS proxy enters them and reads them, and
 * the task runner updates their states. Emits `request` when a task was launched or stopped
 * through the proxy, so that the runner need not wait.
 */
export class Fleet extends EventEmitter<{ request: [] }> {
  private readonly records = new Map<string, TaskRecord>();

  /** Enters a launched task that does not run yet. A known task keeps its record. */
  enter(taskArn: string, capacityProvider: CapacityProvider): void {
    if (!this.records.has(taskArn)) {
      this.records.set(taskArn, { taskArn, capacityProvider, lastStatus: 'PENDING' });
    }
  }

  get(taskArn: string): TaskRecord | undefined {
    return this.records.get(taskArn);
  }

  /** @returns the record after the change. */
  update(
    taskArn: string,
    change: Partial<Omit<TaskRecord, 'taskArn' | 'capacityProvider'>>,
  ): TaskRecord {
    const known = this.records.get(taskArn);
    if (!known) throw new Error(`The fleet has no task ${taskArn}: enter it first.`);
    const record = { ...known, ...change };
    this.records.set(taskArn, record);
    return record;
  }

  /** Number of tasks of a cluster that are not stopped. */
  count(cluster: string): FleetCount {
    const count = { FARGATE: 0, FARGATE_SPOT: 0 };
    for (const record of this.records.values()) {
      const live = record.lastStatus !== 'STOPPED' && clusterOf(record.taskArn) === cluster;
      if (live) count[record.capacityProvider] += 1;
    }
    return count;
  }
}

/** The cluster's name in a task's ARN: `arn:aws:ecs:region:account:task/cluster/id`. */
function clusterOf(taskArn: string): string | undefined {
  return taskArn.split('/').at(-2);
}
