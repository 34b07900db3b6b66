import { type CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { TaskLogs } from '../ports';

export function createTaskLogs(client: CloudWatchLogsClient): TaskLogs {
  return {
    async tail(logGroupName, logStreamName, limit) {
      try {
        const { events = [] } = await client.send(
          new GetLogEventsCommand({ logGroupName, logStreamName, limit, startFromHead: false }),
        );
        return events.map(({ message = '' }) => message.trimEnd());
      } catch (error) {
        if (error instanceof Error && error.name === 'ResourceNotFoundException') return [];
        throw error;
      }
    },
  };
}
