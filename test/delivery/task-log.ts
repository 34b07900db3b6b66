import type { LogStream } from '../../local/fargate/ecs-tasks';
import { askJson } from './aws-json';

/** Writes a task's last lines where the awslogs driver would. */
export function logWriter(endpoint: string) {
  const ask = (operation: string, input: object) =>
    askJson<object>(endpoint, { service: 'logs', target: `Logs_20140328.${operation}`, input });
  return async (
    { group: logGroupName, stream: logStreamName }: LogStream,
    lines: readonly string[],
  ) => {
    const stream = { logGroupName, logStreamName };
    await ask('CreateLogStream', stream);
    const timestamp = Date.now();
    const logEvents = lines.map((message) => ({ timestamp, message }));
    if (logEvents.length > 0) await ask('PutLogEvents', { ...stream, logEvents });
  };
}
