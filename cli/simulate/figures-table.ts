import { type BillKind, shownDollars } from '../../contract/bill';
import { type Html, html } from '../../local/view/html';
import type { Outcome } from '../../simulator/outcome';
import { duration } from '../../text/units';

const count = (value: number) => value.toLocaleString('en-US');
const time = (seconds?: number) => (seconds === undefined ? '–' : duration(seconds));

const FIGURES: readonly (readonly [name: string, of: (outcome: Outcome) => string])[] = [
  ['Drained in', ({ drainedSeconds }) => time(drainedSeconds)],
  ['Objects done', ({ objects }) => count(objects.done)],
  ['Objects not done', ({ objects }) => count(objects.left + objects.expired)],
  ['Median wait', ({ waitSeconds }) => time(waitSeconds.median)],
  ['95th percentile of waits', ({ waitSeconds }) => time(waitSeconds.p95)],
  ['Longest wait', ({ waitSeconds }) => time(waitSeconds.longest)],
  ['Most tasks at a time', ({ tasks }) => count(tasks.most)],
  ['Tasks launched', ({ tasks }) => count(tasks.launched.FARGATE + tasks.launched.FARGATE_SPOT)],
  ['Spot tasks interrupted', ({ tasks }) => count(tasks.interrupted)],
  ['Spot share', ({ tasks }) => `${Math.round(tasks.spotShare * 100)} %`],
];

const BILL: Readonly<Record<BillKind, string>> = {
  FARGATE: 'Fargate On-Demand',
  FARGATE_SPOT: 'Fargate Spot',
  address: 'Public IPv4 addresses',
  s3: 'S3 requests',
  sqs: 'SQS requests',
  lambda: 'Lambda',
  logs: 'CloudWatch Logs',
  eventbridge: 'EventBridge',
  'wake-queue': 'SQS requests for wake-ups',
  'wake-ups': 'Runs by wake-ups',
};

/** Every number of the runs, a column for each. What no run is billed for is left out. */
export function figuresTable(outcomes: readonly Outcome[]): Html {
  const kinds = (Object.keys(BILL) as BillKind[]).filter((kind) =>
    outcomes.some(({ bill }) => dollarsOf(bill, kind) > 0),
  );
  const rows = [
    ...FIGURES.map(([name, of]) => row(name, outcomes.map(of))),
    ...kinds.map((kind) =>
      row(
        BILL[kind],
        outcomes.map(({ bill }) => shownDollars(dollarsOf(bill, kind))),
      ),
    ),
    row(
      'Cost',
      outcomes.map(({ bill }) => shownDollars(bill.dollars)),
    ),
  ];
  return html`<div class="table"><table>
<thead><tr><td></td>${outcomes.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function row(name: string, values: readonly string[]): Html {
  return html`<tr><th scope="row">${name}</th>${values.map((value) => html`<td>${value}</td>`)}</tr>
`;
}

const dollarsOf = ({ lines }: Outcome['bill'], wanted: BillKind) =>
  lines.filter(({ kind }) => kind === wanted).reduce((sum, { dollars }) => sum + dollars, 0);
