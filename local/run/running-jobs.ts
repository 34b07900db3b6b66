import type { JobLine, ProgressLine } from '../../application-code/worker/src/log-lines';
import type { TaskView } from '../ports';
import type { JobProgress } from '../view/snapshot';

/** Jobs whose workload says how far they are, from its first word to their end. */
export class RunningJobs {
  private readonly jobs = new Map<string, { readonly line: ProgressLine; readonly task: string }>();

  constructor(private readonly sourcePrefix: string) {}

  readonly onProgress = (line: ProgressLine, { taskArn }: TaskView): void => {
    this.jobs.set(line.key, { line, task: taskArn });
  };

  readonly onJob = ({ key }: JobLine): void => {
    if (key !== undefined) this.jobs.delete(key);
  };

  /** Forgets the jobs of a task that can no longer say anything. */
  readonly onTaskStopped = ({ taskArn }: TaskView): void => {
    for (const [key, { task }] of this.jobs) if (task === taskArn) this.jobs.delete(key);
  };

  /** In the order in which they began. */
  progress(): readonly JobProgress[] {
    return [...this.jobs.values()].map(({ line: { key, fraction, text } }) => ({
      name: key.slice(this.sourcePrefix.length),
      fraction,
      text,
    }));
  }
}
