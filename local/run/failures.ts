import { EXIT_CODES, type JobLine } from '../../application-code/worker/src/log-lines';
import { printable } from '../../text/printable';
import type { TaskView } from '../ports';

/** Lines of a task that say why it failed, at most. */
const LINES = 10;

/** Failures that are printed while the run continues; the dead letters have the others. */
const PRINTED = 20;

/**
 * Tells the user why tasks fail and jobs are tried again, each reason once: the next one often
 * fails like the last one.
 */
export class Failures {
  /** Resolves when a task refuses its settings: no other task can work with them. */
  readonly refused: Promise<string>;
  private refuse: (because: string) => void = () => undefined;
  private readonly told = new Set<string>();

  /** @param sourcePrefix begins every key of a source object. */
  constructor(
    private readonly print: (text: string) => void,
    private readonly sourcePrefix: string,
  ) {
    this.refused = new Promise((resolve) => {
      this.refuse = resolve;
    });
  }

  readonly onTaskStopped = (task: TaskView, logTail: readonly string[]): void => {
    const sentence = failureOf(task, logTail);
    if (sentence !== undefined && task.exitCode === EXIT_CODES.usage) this.refuse(sentence);
    else if (sentence !== undefined) this.tell(sentence);
  };

  /** What is given up becomes a dead letter, which the summary lists. */
  readonly onJob = ({ outcome, key = '', faultCode, faultMessage }: JobLine): void => {
    if (outcome !== 'released' || faultCode === undefined) return;
    const name = key.slice(this.sourcePrefix.length);
    this.tell(printable(`Tried again: ${name}: ${faultCode}: ${faultMessage}`));
  };

  private tell(sentence: string): void {
    if (this.told.has(sentence) || this.told.size >= PRINTED) return;
    this.told.add(sentence);
    this.print(sentence);
  }
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
