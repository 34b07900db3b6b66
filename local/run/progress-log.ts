import type { ProgressLine } from '../../application-code/worker/src/log-lines';
import { callLogs } from '../aws/json-calls';
import type { Pipeline } from '../ports';

/** The log of the tasks of a deployed pipeline, by the same name. */
export const logGroupOf = ({ parameterPath }: Pick<Pipeline, 'parameterPath'>) =>
  `${parameterPath}worker`;

/**
 * Writes how far jobs are where `spillway status` looks for it: the log group of the tasks. All
 * other lines of a local task are only shown.
 */
export class ProgressLog {
  private written: Promise<unknown> | undefined;

  /** @param onFault called for each line that could not be written. */
  constructor(
    private readonly pipeline: Pick<Pipeline, 'endpoint' | 'parameterPath'>,
    private readonly onFault: (error: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** Lines are written one after the other, and nothing waits for them. */
  readonly write = (line: ProgressLine): void => {
    const event = { timestamp: this.now(), message: JSON.stringify(line) };
    this.written = (this.written ?? this.open())
      .then(() => this.call('PutLogEvents', { logEvents: [event] }))
      .catch(this.onFault);
  };

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.written;
  }

  private async open(): Promise<void> {
    const logGroupName = logGroupOf(this.pipeline);
    await callLogs(this.pipeline.endpoint, 'CreateLogGroup', { logGroupName });
    await this.call('CreateLogStream', {});
  }

  private call(operation: 'CreateLogStream' | 'PutLogEvents', input: object) {
    const place = { logGroupName: logGroupOf(this.pipeline), logStreamName: 'progress' };
    return callLogs(this.pipeline.endpoint, operation, { ...place, ...input });
  }
}
