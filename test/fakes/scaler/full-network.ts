import {
  type ActiveTask,
  type LaunchBatch,
  NOTHING_LAUNCHED,
  type StartFault,
  type StoppedTask,
  type Tasks,
} from '../../../lambda/scaler/ports';
import { MINUTE, NOW } from './examples';

const SECOND = 1_000;
/** From RunTask to the address or the refusal; to the start; how long a stop is listed. */
const [ADDRESS, START, LISTED] = [10 * SECOND, 40 * SECOND, 60 * MINUTE];

/** Subnets, their quota and what happens in them. */
export interface NetworkModel {
  /** Addresses of each subnet. */
  readonly sizes: readonly number[];
  readonly maxTasks: number;
  /** Whether EC2 reports free addresses. */
  readonly tells: boolean;
  /** vCPUs' worth of tasks that the account may run, which ECS finds out late. */
  readonly quota?: number;
  /** After which a task has done its work. */
  readonly lifeMinutes?: number;
  /** Addresses of each subnet that other users take in the middle of the first launch. */
  readonly taken?: number;
}

interface ModelTask {
  readonly task: ActiveTask & { readonly subnet: string };
  stoppedAt?: number;
  fault?: StartFault;
}

/** A network of such subnets, and ECS, which spreads the tasks of a call over those it may use. */
export class FullNetwork {
  at = NOW;
  refused = 0;
  private readonly launched: ModelTask[] = [];
  private spread = 0;
  private taken = 0;

  constructor(private readonly model: NetworkModel) {}

  get running(): number {
    return this.alive().length;
  }

  get started(): number {
    return this.launched.filter(({ task, fault }) => !fault && task.createdAt + START <= this.at)
      .length;
  }

  private alive(subnet?: string) {
    return this.launched.filter(
      ({ task, stoppedAt }) => stoppedAt === undefined && (!subnet || task.subnet === subnet),
    );
  }

  free(): ReadonlyMap<string, number> {
    const left = this.model.sizes.map((size, index): [string, number] => {
      const subnet = `subnet-${index}`;
      const holding = this.alive(subnet).filter(({ task }) => task.createdAt + ADDRESS <= this.at);
      return [subnet, Math.max(0, size - this.taken - holding.length)];
    });
    return new Map(left);
  }

  /** Second by second: addresses are taken in order, and the last ones find none. */
  pass(milliseconds: number): void {
    for (const end = this.at + milliseconds; this.at < end; ) {
      this.at += SECOND;
      this.decideStarts();
      this.endOld();
    }
  }

  private decideStarts(): void {
    const due = this.alive().filter(({ task }) => task.createdAt + ADDRESS === this.at);
    for (const one of due) {
      const { subnet } = one.task;
      const alive = this.alive(subnet);
      const before = alive.slice(0, alive.indexOf(one));
      const size = this.model.sizes[Number(subnet.slice(7))] ?? 0;
      const holding = before.filter(({ task }) => task.createdAt + ADDRESS <= this.at).length;
      const isOverQuota = this.running > (this.model.quota ?? Number.POSITIVE_INFINITY);
      if (holding >= size - this.taken) this.refuse(one, 'no-addresses');
      else if (isOverQuota) this.refuse(one, 'vcpu-quota');
    }
  }

  private refuse(one: ModelTask, fault: StartFault): void {
    Object.assign(one, { stoppedAt: this.at, fault });
    this.refused += 1;
  }

  private endOld(): void {
    const life = (this.model.lifeMinutes ?? 24 * 60) * MINUTE;
    for (const one of this.alive())
      if (one.task.createdAt + life <= this.at) one.stoppedAt = this.at;
  }

  tasks(): Tasks {
    return {
      active: async () =>
        this.alive().map(({ task: { subnet, ...task } }) => {
          const age = this.at - task.createdAt;
          return {
            ...task,
            state: age >= START ? ('running' as const) : ('pending' as const),
            ...(age >= START && { startedAt: task.createdAt + START }),
            ...(age < ADDRESS && { awaitsAddressIn: subnet }),
          };
        }),
      stopped: async () => this.stopped(),
      launch: async (batch) => this.launch(batch),
    };
  }

  private stopped(): StoppedTask[] {
    return this.launched.flatMap(
      ({ task: { state: _, ...task }, stoppedAt, fault }): StoppedTask[] => {
        if (stoppedAt === undefined || this.at - stoppedAt > LISTED) return [];
        if (fault)
          return [{ ...task, stoppedAt, stopCode: 'TaskFailedToStart', startFault: fault }];
        const startedAt = task.createdAt + START;
        return [
          { ...task, startedAt, stoppedAt, stopCode: 'EssentialContainerExited', exitCode: 0 },
        ];
      },
    );
  }

  private launch({ count, subnets, capacityProvider, taskDefinition }: LaunchBatch) {
    for (let launched = 0; launched < count; launched += 1) {
      const subnet = subnets[this.spread++ % subnets.length] ?? '';
      const task = {
        taskDefinition,
        capacityProvider,
        subnet,
        createdAt: this.at,
        state: 'pending' as const,
      };
      this.launched.push({ task });
    }
    this.taken = this.model.taken ?? 0;
    return { ...NOTHING_LAUNCHED, launched: count };
  }
}
