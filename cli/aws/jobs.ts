import {
  type CloudWatchLogsClient,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import type { ProgressLine } from '../../application-code/worker/src/log-lines';
import type { JobProgress, Jobs } from '../ports/account';

export function createJobs(logs: CloudWatchLogsClient): Jobs {
  return {
    async progress(logGroupName, from) {
      const query = {
        logGroupName,
        startTime: from.getTime(),
        filterPattern: '{ $.event = "progress" }',
      };
      const newest = new Map<string, JobProgress>();
      try {
        for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, query))
          for (const { timestamp: at = 0, message = '' } of events) {
            const line = progressLineOf(message);
            if (!line || at < (newest.get(line.jobId)?.at ?? 0)) continue;
            const { jobId, key, fraction, text } = line;
            newest.set(jobId, { key, fraction, text, at });
          }
      } catch (error) {
        // A local run has no log before a job says how far it is.
        if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
      }
      return [...newest.values()];
    },
  };
}

/** Emulators ignore the filter, so that other lines come as well. */
function progressLineOf(message: string): ProgressLine | undefined {
  if (!message.includes('"progress"')) return undefined;
  try {
    const line = Object(JSON.parse(message)) as Partial<ProgressLine>;
    const { event, jobId, key, fraction, text = '' } = line;
    const isProgress = event === 'progress' && jobId !== undefined && key !== undefined;
    return isProgress && typeof fraction === 'number'
      ? { event, jobId, key, fraction, text }
      : undefined;
  } catch {
    return undefined;
  }
}
