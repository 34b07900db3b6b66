import { type BillKind, shownDollars } from '../contract/bill';
import { duration } from '../text/units';
import { pluralize } from '../text/words';
import type { Outcome } from './outcome';

/** The answer in one line. */
export function answerOf(outcome: Outcome): string {
  const { tasks, waitSeconds, bill } = outcome;
  const s3 = bill.lines.find(({ kind }) => kind === ('s3' satisfies BillKind))?.dollars ?? 0;
  return [
    `${howLong(outcome)} by at most ${pluralize(tasks.most, 'task')}`,
    ...(waitSeconds.p95 === undefined ? [] : [`p95 wait ${duration(waitSeconds.p95)}`]),
    shownDollars(bill.dollars),
    `of which S3 ${shownDollars(s3)}`,
    `Spot share ${Math.round(tasks.spotShare * 100)} %`,
  ].join(', ');
}

function howLong({ drainedSeconds, objects, endSeconds }: Outcome): string {
  if (objects.arrived === 0) return 'nothing arrived';
  if (drainedSeconds !== undefined) return `drained in ${duration(drainedSeconds)}`;
  const lost = objects.expired + objects.left;
  return (
    `NOT drained in ${duration(endSeconds)}: ${pluralize(lost, 'object')} of ` +
    `${objects.arrived.toLocaleString('en-US')} not done in the retention period,`
  );
}
