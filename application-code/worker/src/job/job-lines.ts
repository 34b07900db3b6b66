import type { JobLine, JobOutcome } from '../log-lines';
import type { Message } from '../queue/ports';
import type { SourceResult } from './job';
import type { Verdict } from './verdict';

/**
 * The log line of every source object of a message. What failed was dead-lettered or released with
 * its message; what was done stays done, though a released message does it again.
 */
export function jobLines(
  results: readonly SourceResult[],
  action: Verdict['action'],
  { messageId, receiveCount }: Message,
  totalMilliseconds: number,
): readonly JobLine[] {
  return results.map((result) => {
    const line: JobLine = {
      event: 'job',
      outcome: outcomeOf(result.outcome, action),
      messageId,
      receiveCount,
      ...fieldsOf(result, totalMilliseconds),
    };
    return line.outcome === 'done' && line.sample !== undefined ? inBrief(line) : line;
  });
}

/** A part has an index with the rest of a sample, and a million lines are part of their price. */
function inBrief({ messageId: _messageId, milliseconds, ...line }: JobLine): JobLine {
  return { ...line, ...(milliseconds && { milliseconds: { total: milliseconds.total } }) };
}

type ResultFields = Omit<JobLine, 'event' | 'outcome' | 'messageId' | 'receiveCount'>;

function fieldsOf(result: SourceResult, totalMilliseconds: number): ResultFields {
  if (result.outcome === 'gone' || result.outcome === 'ignored') {
    const { outcome: _outcome, ...fields } = result;
    return fields;
  }
  const { outcome: _outcome, phases, figures, ...rest } = result;
  const { isLocal: _isLocal, ...known } = { isLocal: undefined, ...rest };
  const measures = {
    ...figures,
    ...(phases && { milliseconds: rounded({ ...phases, total: totalMilliseconds }) }),
  };
  if (!('fault' in known)) return { ...known, ...measures };
  const { fault, ...others } = known;
  return { ...others, ...measures, faultCode: fault.code, faultMessage: fault.message };
}

function outcomeOf(outcome: SourceResult['outcome'], action: Verdict['action']): JobOutcome {
  if (outcome !== 'failed') return outcome;
  return action === 'dead-letter' ? 'dead-lettered' : 'released';
}

function rounded<Times extends Readonly<Record<string, number>>>(times: Times): Times {
  return Object.fromEntries(
    Object.entries(times).map(([phase, time]) => [phase, Math.round(time)]),
  ) as Times;
}
