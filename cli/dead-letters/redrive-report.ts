import { pluralize } from '../../text/words';
import type { MoveState } from '../ports/queues';
import { sameOptions, type TargetPipeline } from '../target/choose-pipeline';
import type { TargetOptions } from '../target/target';
import { failureSentence, InterruptError, RefusalError } from '../terminal/failures';
import type { Session } from '../terminal/session';
import { reportHidden } from './find-letters';
import { type FilterOptions, filterInWords } from './letter-filter';
import type { RedriveError, RedriveResult } from './redrive';

export interface RedriveOptions extends TargetOptions, FilterOptions {
  readonly limit?: number;
  readonly rate: number;
  readonly dryRun?: boolean;
}

/** What became of a redrive, for a person or a script. */
export interface RedriveReport extends Partial<RedriveResult> {
  readonly by: 'sqs' | 'spillway';
  readonly redriven: number;
  readonly hidden: number;
  /** A call failed in the middle: the failure says all that is known. */
  readonly isBroken?: boolean;
  /** Why letters that were asked for are no jobs. */
  readonly failure?: Error;
}

type Failure = Pick<RedriveReport, 'failure'>;

/** Prints how many letters are jobs again, and warns of the others. */
export function printRedrive(
  session: Session,
  chosen: TargetPipeline,
  options: RedriveOptions,
  report: RedriveReport,
): void {
  if (options.json) session.print(asJson(chosen, options, report));
  else printInWords(session, chosen, options, report);
  reportHidden(report, session);
  const { duplicated = 0, stillHidden = 0 } = report;
  if (duplicated > 0)
    session.warn(
      `${duplicated} are jobs again but could not be deleted: they are dead letters as well, ` +
        'and can be purged.',
    );
  if (stillHidden > 0)
    session.warn(
      `${pluralize(stillHidden, 'letter')} could not be released at once, ` +
        'and can be seen again within ten minutes.',
    );
}

function asJson(
  { environment, pipeline }: TargetPipeline,
  { dryRun = false }: RedriveOptions,
  report: RedriveReport,
): string {
  const { redriven, by, hidden, seen = null } = report;
  const { duplicated = 0, refused = 0, tooNew = 0 } = report;
  const counts = { redriven, by, dryRun, duplicated, refused, tooNew, seen, hidden };
  return JSON.stringify({ environment, pipeline, ...counts }, undefined, 2);
}

function printInWords(
  session: Session,
  chosen: TargetPipeline,
  options: RedriveOptions,
  { redriven, tooNew = 0 }: RedriveReport,
): void {
  const what = `${pluralize(redriven, 'dead letter')}${filterInWords(options)}`;
  session.print(
    options.dryRun
      ? `Would make jobs of ${what} again. Nothing was changed.`
      : session.paint('green', `${what} ${redriven === 1 ? 'is a job' : 'are jobs'} again.`),
  );
  if (tooNew > 0)
    session.print(`${tooNew} arrived during the redrive and stay: their cause may not be fixed.`);
  if (!options.dryRun && redriven > 0)
    session.print(`To follow them: npx spillway watch ${sameOptions(chosen)}`);
}

const OTHERS = 'the others are still dead letters.';
const againInWords = (redriven: number) =>
  `${pluralize(redriven, 'letter')} ${redriven === 1 ? 'is a job' : 'are jobs'} again`;
const sentenceOf = (error: unknown) => failureSentence(error) ?? String(error);

export function failureOfMove({ status, moved, failure }: MoveState): Failure {
  if (status === 'COMPLETED') return {};
  if (status !== 'FAILED')
    return {
      failure: new InterruptError(`stopped after about ${pluralize(moved, 'letter')}; ${OTHERS}`),
    };
  const why = failure ?? 'it gave no reason';
  const sentence = `SQS stopped the move after ${pluralize(moved, 'letter')} (${why}); ${OTHERS}`;
  return { failure: new RefusalError(sentence) };
}

/** The move can no longer be followed. */
export function brokenMove(cause: unknown, redriven: number): Error {
  return new RefusalError(
    `${sentenceOf(cause)} About ${againInWords(redriven)}, and SQS continues to move the others: ` +
      'nothing is lost.',
    { cause },
  );
}

export function failureOfRedrive(result: RedriveResult): Failure {
  const { because, refused, redriven, seen } = result;
  if (refused > 0)
    return {
      failure: new RefusalError(
        `the work queue did not take ${pluralize(refused, 'letter')}, still in the dead-letter ` +
          'queue: try again.',
      ),
    };
  if (because === 'too-many-in-flight')
    return {
      failure: new RefusalError(
        `only ${seen} letters were looked at: SQS hides at most 120,000 of a queue at a time. ` +
          'Run the command again.',
      ),
    };
  if (because !== 'stopped') return {};
  const done = pluralize(redriven, 'letter');
  return { failure: new InterruptError(`stopped after ${done}; ${OTHERS}`) };
}

export function brokenRedrive({ redriven, cause }: RedriveError): Error {
  return new RefusalError(
    `${sentenceOf(cause)} ${againInWords(redriven)}, the others are still dead letters: nothing ` +
      'is lost, and at most ten are both. Run the command again.',
    { cause },
  );
}
