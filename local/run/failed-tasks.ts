import { EXIT_CODES } from '../../application-code/worker/src/log-lines';
import { printable } from '../../text/printable';
import type { TaskView } from '../ports';

/** Lines of a task that say why it failed, at most. */
const LINES = 10;

/** Tells the user why tasks fail, each reason once: the next task often fails like the last one. */
export class FailedTasks {
  /** Resolves when a task refuses its settings: no other task can work with them. */
  readonly refused: Promise<string>;
  private refuse: (because: string) => void = () => undefined;
  private readonly told = new Set<string>();

  constructor(private readonly print: (text: string) => void) {
    this.refused = new Promise((resolve) => {
      this.refuse = resolve;
    });
  }

  readonly onTaskStopped = (task: TaskView, logTail: readonly string[]): void => {
    const sentence = failureOf(task, logTail);
    if (sentence === undefined || this.told.has(sentence)) return;
    this.told.add(sentence);
    if (task.exitCode === EXIT_CODES.usage) this.refuse(sentence);
    else this.print(sentence);
  };
}

/** Why a task failed, in its own words; undefined for one that was stopped or ended well. */
export function failureOf(
  { exitCode, stopCode, stoppedReason }: TaskView,
  logTail: readonly string[],
): string | undefined {
  if (stopCode === 'TaskFailedToStart') return `A task could not start: ${stoppedReason}`;
  if (stopCode !== 'EssentialContainerExited' || exitCode === EXIT_CODES.ok) return undefined;
  const said = printed(logTail) ?? lastError(logTail) ?? 'It said nothing.';
  return `A task ended with exit code ${exitCode}. ${said}`;
}

/** What it wrote beside its log: the sentence of a refusal, or the stack of a crash. */
function printed(logTail: readonly string[]): string | undefined {
  const lines = logTail.filter((line) => !line.startsWith('{') && line.trim() !== '');
  return lines.length === 0 ? undefined : lines.slice(-LINES).map(printable).join('\n');
}

function lastError(logTail: readonly string[]): string | undefined {
  const errors = logTail.flatMap((line) => /"error":("(?:[^"\\]|\\.)*")/.exec(line)?.[1] ?? []);
  const last = errors.at(-1);
  return last === undefined ? undefined : printable(String(JSON.parse(last)));
}
