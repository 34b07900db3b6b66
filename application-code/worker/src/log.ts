import { type Clock, systemClock } from './clock';
import type { JobLine, LogLevel, SummaryLine } from './log-lines';

/** A line of which nothing but `event` is a contract. */
export interface EventLine {
  readonly event: string;
  readonly [field: string]: unknown;
}

export type Log = (level: LogLevel, line: JobLine | SummaryLine | EventLine) => void;

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

const ALWAYS: ReadonlySet<string> = new Set(['summary', 'metrics']);

/**
 * Writes one JSON object a line. A line below `lowest` is dropped, except the summary and the metrics.
 * Errors among the fields are written as their message.
 */
export function jsonLog(
  lowest: LogLevel,
  write: (line: string) => void = (line) => void process.stdout.write(line),
  clock: Clock = systemClock,
): Log {
  return (level, line) => {
    if (RANK[level] < RANK[lowest] && !ALWAYS.has(line.event)) return;
    const timestamp = new Date(clock.now()).toISOString();
    write(`${JSON.stringify({ timestamp, level, ...line }, withMessages)}\n`);
  };
}

function withMessages(_name: string, value: unknown): unknown {
  return value instanceof Error ? `${value.name}: ${value.message}` : value;
}
