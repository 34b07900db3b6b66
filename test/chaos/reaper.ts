import type { LocalTaskRunner } from '../../local/fargate/task-runner';
import type { TaskView } from '../../local/ports';
import type { Call } from './call';
import type { Injector } from './injector';

/** Longer than the visibility timeout, so that another worker gets the jobs of a paused task. */
const PAUSE_MILLISECONDS = 6_500;

/** Kills, reclaims and pauses tasks at their requests, which are a worker's only effects. */
export class Reaper {
  private readonly paused = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly runner: LocalTaskRunner,
    private readonly injector: Injector,
  ) {}

  /** @returns false when the task has been killed, and its request shall take no effect. */
  before(call: Call): boolean {
    const task = this.taskOf(call);
    if (!task || !this.injector.strikes('task-killed-before')) return true;
    this.report('task-killed-before', call);
    this.runner.killTask(task.taskArn, 'SIGKILL');
    return false;
  }

  after(call: Call): void {
    const task = this.taskOf(call);
    if (!task) return;
    if (this.injector.strikes('task-killed-after')) {
      this.report('task-killed-after', call);
      this.runner.killTask(task.taskArn, 'SIGKILL');
    } else if (
      task.capacityProvider === 'FARGATE_SPOT' &&
      this.injector.strikes('spot-interruption')
    ) {
      this.report('spot-interruption', call);
      this.runner.reclaimSpot(task.taskArn);
    } else if (!this.paused.has(task.taskArn) && this.injector.strikes('task-paused')) {
      this.report('task-paused', call);
      this.pause(task.taskArn);
    }
  }

  /** Wakes the tasks that are paused. */
  end(): void {
    for (const [taskArn, timer] of this.paused) {
      clearTimeout(timer);
      this.signal(taskArn, 'SIGCONT');
    }
    this.paused.clear();
  }

  private pause(taskArn: string): void {
    this.signal(taskArn, 'SIGSTOP');
    const timer = setTimeout(() => {
      this.paused.delete(taskArn);
      this.signal(taskArn, 'SIGCONT');
    }, PAUSE_MILLISECONDS);
    this.paused.set(taskArn, timer);
  }

  private signal(taskArn: string, signal: NodeJS.Signals): void {
    const isThere = this.runner.tasks().some((task) => task.taskArn === taskArn && isLive(task));
    if (isThere) this.runner.killTask(taskArn, signal);
  }

  private taskOf({ who }: Call): TaskView | undefined {
    return this.runner.tasks().find((task) => task.taskArn.endsWith(`/${who}`) && isLive(task));
  }

  private report(kind: Parameters<Injector['report']>[0], call: Call): void {
    this.injector.report(kind, call.who, `at ${call.operation}`, call.key ? [call.key] : []);
  }
}

const isLive = ({ lastStatus }: TaskView) => lastStatus === 'RUNNING' || lastStatus === 'STOPPING';
