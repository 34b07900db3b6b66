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
  return results.map((result): JobLine => {
    const { outcome, phases, figures, fault, because, ...known } = withEveryField(result);
    return {
      event: 'job',
      outcome: outcomeOf(outcome, action),
      messageId,
      receiveCount,
      ...known,
      ...figures,
      ...(phases ? { milliseconds: rounded({ ...phases, total: totalMilliseconds }) } : {}),
      ...(fault ? { faultCode: fault.code, faultMessage: fault.message } : {}),
      ...(because ? { because } : {}),
    };
  });
}

function outcomeOf(outcome: SourceResult['outcome'], action: Verdict['action']): JobOutcome {
  if (outcome !== 'failed') return outcome;
  return action === 'dead-letter' ? 'dead-lettered' : 'released';
}

type Fields = Partial<Omit<Extract<SourceResult, { outcome: 'failed' }>, 'outcome'>> & {
  readonly outcome: SourceResult['outcome'];
  readonly renditions?: readonly string[];
  readonly because?: string;
};

function withEveryField(result: SourceResult): Fields {
  return result;
}

function rounded<Times extends Readonly<Record<string, number>>>(times: Times): Times {
  return Object.fromEntries(
    Object.entries(times).map(([phase, time]) => [phase, Math.round(time)]),
  ) as Times;
}
