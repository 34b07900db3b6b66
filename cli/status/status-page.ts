import type { CapacityProvider } from '../../lambda/scaler/ports';
import { printable } from '../../text/printable';
import { table } from '../../text/table';
import { age } from '../../text/units';
import { pluralize } from '../../text/words';
import { sameOptions, type TargetPipeline } from '../target/choose-pipeline';
import { heldBy, type Knob } from '../target/knobs';
import type { Session } from '../terminal/session';
import type { LastRun } from './read-status';
import { isPaused, type Status } from './read-status';

type Screen = Pick<Session, 'paint' | 'now'>;
const PROVIDERS: readonly CapacityProvider[] = ['FARGATE', 'FARGATE_SPOT'];

/** What `spillway status` shows to a person. */
export function statusPage(chosen: TargetPipeline, status: Status, session: Screen): string {
  const { paint } = session;
  return [
    paint('bold', `${chosen.pipeline} in ${chosen.environment}`) +
      paint('dim', ` (${chosen.endpoint ?? chosen.region})`),
    ...(isPaused(status.knobs)
      ? [
          paint(
            'yellow',
            `Paused: nothing is launched. \`npx spillway resume ${sameOptions(chosen)}\``,
          ),
        ]
      : []),
    '',
    ...facts(chosen, status, session),
    '',
    ...knobLines(status.knobs, paint),
  ].join('\n');
}

function facts(chosen: TargetPipeline, status: Status, session: Screen): readonly string[] {
  const { work, letters, fleet, promoted } = status;
  const { paint } = session;
  const found = letters.backlog + letters.inFlight;
  const dead =
    found === 0 ? '0' : paint('red', `${found}: \`npx spillway dlq list ${sameOptions(chosen)}\``);
  return [
    `backlog       ${work.backlog}`,
    `in flight     ${work.inFlight}${waitingSamples(status)}`,
    ...(work.delayed > 0 ? [`delayed       ${work.delayed}`] : []),
    `oldest        ${oldest(status)}`,
    `dead letters  ${dead}`,
    ...PROVIDERS.map((provider, index) => {
      const { running, pending } = fleet[provider];
      return (
        `${index === 0 ? 'tasks' : '     '}         ${provider}: ${running} running, ${pending} ` +
        'pending'
      );
    }),
    `promoted      ${promoted ?? 'nothing yet, so that no task is started'}`,
    `last run      ${lastRunLine(status, session)}`,
    ...(status.wakes ? [`last wake-up  ${lastWakeUpLine(status, session)}`] : []),
    ...reckoningLines(status),
    ...jobLines(status, session),
  ];
}

/** Not more than these can be worked on: the others wait for their part. */
function waitingSamples({ work, worked }: Status): string {
  const waiting = work.inFlight - worked;
  if (waiting <= 0) return '';
  return `, at least ${waiting} of them samples that wait for their part`;
}

function oldest({ oldestMessageSeconds, unknown, work }: Status): string {
  if (work.backlog + work.inFlight === 0) return '-';
  if (oldestMessageSeconds !== undefined) return inWords(oldestMessageSeconds);
  return unknown.oldestMessage === undefined
    ? 'unknown: CloudWatch has no value of the last minutes'
    : `unknown: ${unknown.oldestMessage}`;
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} seconds`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} minutes`;
  return `${Math.round(seconds / 3_600)} hours`;
}

function lastRunLine({ lastRun, unknown }: Status, { paint, now }: Screen): string {
  if (lastRun) return runInWords(lastRun, now(), paint);
  return unknown.lastRun === undefined
    ? 'none of the last day in the log of the scaler'
    : `unknown: ${unknown.lastRun}`;
}

function lastWakeUpLine({ lastWakeUp, unknown }: Status, { paint, now }: Screen): string {
  if (lastWakeUp) return runInWords(lastWakeUp, now(), paint);
  return unknown.lastWakeUp === undefined
    ? 'none of the last day in the log of the scaler'
    : `unknown: ${unknown.lastWakeUp}`;
}

/** What the last run made of the jobs, and what it could not have. */
function reckoningLines({ lastRun }: Status): readonly string[] {
  const { reckoning, lacking } = lastRun ?? {};
  return [
    ...(reckoning === undefined ? [] : [`reckoned      ${printable(reckoning)}`]),
    ...(lacking === undefined
      ? []
      : [
          `lacking       ${pluralize(lacking.tasks, 'task')}: ` +
            printable(lacking.because.join('; ')),
        ]),
  ];
}

/** Jobs that are named; the others are only counted. */
const SHOWN_JOBS = 5;

function jobLines({ jobs }: Status, { now }: Screen): readonly string[] {
  const more = jobs.length - SHOWN_JOBS;
  return [
    ...jobs.slice(0, SHOWN_JOBS).map(({ key, fraction, text, at }) => {
      const seconds = Math.max(0, Math.round((now() - at) / 1_000));
      return printable(`${key}: ${Math.floor(fraction * 100)} % ${text} (${seconds} s ago)`);
    }),
    ...(more > 0 ? [`and ${more} more`] : []),
  ].map((line, index) => `${index === 0 ? 'in progress' : '           '}   ${line}`);
}

function runInWords(run: LastRun, now: number, paint: Session['paint']): string {
  const { at, action, because, desired, launched, error } = run;
  const wanted = desired === undefined ? '' : `, ${desired} desired`;
  const did = launched > 0 ? `, ${launched} launched` : '';
  const failed = error === undefined ? '' : paint('red', ` ${error}`);
  return `${age(at, now)}: ${action} (${because})${wanted}${did}${failed}`;
}

function knobLines(knobs: readonly Knob[], paint: Session['paint']): readonly string[] {
  const [head = '', ...rows] = table([
    ['KNOB', 'VALUE', 'CONFIGURED'],
    ...knobs.map((knob) => [
      knob.parameter,
      knob.onlyWith ? '-' : heldBy(knob),
      knob.onlyWith
        ? `not in force: counts with ${knob.onlyWith}`
        : knob.override === undefined
          ? ''
          : knob.configured,
    ]),
  ]);
  return [
    paint('dim', head),
    ...rows.map((row, index) => {
      const { override, fault } = knobs[index] as Knob;
      if (fault) return paint('red', `${row}  ${fault}`);
      return override === undefined ? row : paint('yellow', row);
    }),
  ];
}

export function statusAsJson(chosen: TargetPipeline, status: Status) {
  const { environment, pipeline, region } = chosen;
  const { work, letters, fleet, jobs, knobs, promoted, lastRun, lastWakeUp, unknown } = status;
  const { oldestMessageSeconds } = status;
  return {
    environment,
    pipeline,
    region,
    ...work,
    oldestMessageSeconds: oldestMessageSeconds ?? null,
    deadLetters: letters.backlog + letters.inFlight,
    tasks: fleet,
    jobs: jobs.map((job) => ({ ...job, at: new Date(job.at).toISOString() })),
    isPaused: isPaused(knobs),
    knobs: Object.fromEntries(
      knobs.map((knob) => [
        knob.parameter,
        {
          value: heldBy(knob),
          configured: knob.configured,
          isOverridden: knob.override !== undefined,
          isInForce: knob.onlyWith === undefined,
        },
      ]),
    ),
    promoted: promoted ?? null,
    lastRun: runAsJson(lastRun),
    lastWakeUp: runAsJson(lastWakeUp),
    unknown,
  };
}

function runAsJson(run: LastRun | undefined) {
  return run ? { ...run, at: new Date(run.at).toISOString() } : null;
}
