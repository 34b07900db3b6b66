import { EventEmitter } from 'node:events';
import type { JobLine } from '../../application-code/worker/src/log-lines';
import type { CapacityProvider, TaskView } from '../ports';

/** What the task runner knows about a task and the emulator does not. */
export interface TaskRecord extends TaskView {
  readonly stoppingAt?: number;
}

/**
 * The tasks of a run in the order of their launch. The ECS proxy enters them and reads them, and
 * the task runner updates their states. Emits `request` when a task was launched or stopped
 * through the proxy, so that the runner need not wait, and `job` for each job that has ended.
 */
export class Fleet extends EventEmitter<{ request: []; job: [JobLine] }> {
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

/** An entry of a capacity provider strategy, as in ECS. */
export interface StrategyItem {
  readonly capacityProvider: CapacityProvider;
  /** Tasks that run on this provider before the weights count. At most one entry has a base. */
  readonly base?: number;
  /** Share of the tasks above the base, relative to the other entries. */
  readonly weight?: number;
}

/** Tasks of the fleet that are not stopped, by provider. */
export type FleetCount = Readonly<Record<CapacityProvider, number>>;

/**
 * Places new tasks one after another: first the base, then always the provider that is furthest
 * behind its share of the tasks above the base. Base and weights hold for the whole fleet, so that
 * many small launches end like one big launch.
 * @returns one provider per task: FARGATE when no entry of the strategy can take a task.
 */
export function placeTasks(
  strategy: readonly StrategyItem[],
  fleet: FleetCount,
  tasks: number,
): readonly CapacityProvider[] {
  const running: Record<CapacityProvider, number> = { ...fleet };
  return Array.from({ length: tasks }, () => {
    const provider = nextProvider(strategy, running);
    running[provider] += 1;
    return provider;
  });
}

function nextProvider(strategy: readonly StrategyItem[], running: FleetCount): CapacityProvider {
  const belowBase = strategy.find((item) => running[item.capacityProvider] < (item.base ?? 0));
  if (belowBase) return belowBase.capacityProvider;
  let furthestBehind: StrategyItem | undefined;
  for (const item of strategy) {
    if ((item.weight ?? 0) === 0) continue;
    if (
      !furthestBehind ||
      loadWithOneMore(item, running) < loadWithOneMore(furthestBehind, running)
    ) {
      furthestBehind = item;
    }
  }
  return furthestBehind?.capacityProvider ?? 'FARGATE';
}

/** Tasks above the base per unit of weight, with one more task on this provider. */
function loadWithOneMore(item: StrategyItem, running: FleetCount): number {
  const aboveBase = Math.max(0, running[item.capacityProvider] - (item.base ?? 0));
  return (aboveBase + 1) / (item.weight ?? 1);
}
