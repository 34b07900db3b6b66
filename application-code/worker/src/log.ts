import { type Clock, systemClock } from './clock';
import type { JobLine, LogLevel, PartLine, SummaryLine } from './log-lines';

/** A line of which only `event` is a contract. */
export interface EventLine {
  readonly event: string;
  readonly [field: string]: unknown;
}

export type Log = (level: LogLevel, line: JobLine | PartLine | SummaryLine | EventLine) => void;

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

const ALWAYS: ReadonlySet<string> = new Set(['summary', 'metrics']);

/**
 * Writes one JSON object a line. Drops lines below `lowest`, except the summary and the metrics.
 * The summary has the number of lines, itself included, which shows when lines were lost on their
 * way. Errors among the fields are written as their message.
 */
export function jsonLog(
  lowest: LogLevel,
  write: (line: string) => void = (line) => void process.stdout.write(line),
  clock: Clock = systemClock,
): Log {
  let logLines = 0;
  return (level, line) => {
    if (RANK[level] < RANK[lowest] && !ALWAYS.has(line.event)) return;
    logLines += 1;
    const timestamp = new Date(clock.now()).toISOString();
    const counted = line.event === 'summary' ? { ...line, logLines } : line;
    write(`${JSON.stringify({ timestamp, level, ...counted }, withMessages)}\n`);
  };
}

function withMessages(_name: string, value: unknown): unknown {
  return value instanceof Error ? `${value.name}: ${value.message}` : value;
}
