import type { JobLine } from '../../application-code/worker/src/log-lines';

/** The job that a line of a worker's standard output reports; undefined for any other line. */
export function parseJobLine(line: string): JobLine | undefined {
  if (!line.startsWith('{') || !line.includes('"job"')) return undefined;
  try {
    const value = JSON.parse(line) as JobLine;
    return value.event === 'job' ? value : undefined;
  } catch {
    return undefined;
  }
}
