import type { Command } from 'commander';
import { shown } from '../../application-code/worker/src/image/nearest-word';
import { printable } from '../../local/files/printable';
import { objectCreatedEvent } from '../../pipeline/object-created-event';
import { type ChosenPipeline, sameOptions } from '../chosen-pipeline';
import { counted } from '../counted';
import { findLetters } from '../dead-letters/find-letters';
import { type DeployedWorker, deployedWorker } from '../deployed-worker';
import { durationInWords, durationOf } from '../duration';
import { failureSentence } from '../failure-sentence';
import { Refused, Stopped, UsageError } from '../failures';
import { kickScaler } from '../kick';
import { type Operated, type OperatorOptions, openPipeline, operatorCommand } from '../operated';
import { paceOf } from '../pace';
import { findMissing, type MissingObject } from '../reconcile/find-missing';
import { MOST_OF_ONE_CALL, ReconcileBroken, type Reconciled, reconcile } from '../reconcile/reconcile';
import type { Session } from '../session';
import { shellWord } from '../shell-word';
import { wholeNumber } from '../whole-number';

interface ReconcileOptions extends OperatorOptions {
  readonly enqueue?: boolean;
  readonly startAfter?: string;
  readonly olderThan?: number;
  readonly rate: number;
}

/** A line for each of a million objects would take longer than the objects. */
const SHOWN_EVERY = 100;
const DEFAULT_RATE = 100;

const EXAMPLES = `
Examples:
  npx spillway reconcile -e dev                                  what lacks renditions and has no dead letter
  npx spillway reconcile -e dev --enqueue                        makes jobs of it
  npx spillway reconcile -e dev --enqueue --older-than 1h        leaves alone what is on its way
  npx spillway reconcile -e dev --enqueue --start-after 'ecsproc/2024/IMG_9.jpg'
  npx spillway reconcile -e dev --json | jq -r 'select(.key) | .key'

Finds what S3 never announced: files that were there before the pipeline, a notification that was removed, dead
letters that were purged; and renditions that a new recipe wants, or that are older than their source. What waits in
the queue now lacks its renditions too: a second job of it does no harm. Buckets, prefixes and recipe are those of
the promoted revision. A million objects take about a thousand list calls for the source and for each rendition, and
one look for each rendition that is missing. Ctrl-C says where to go on; so does a line on stderr each 10,000
objects, for a run that is killed. With --json one document a line, the last one with the counts.
Needs ssm:GetParameter, ecs:DescribeTaskDefinition, s3:ListBucket and s3:GetObject on both buckets, sqs:GetQueueUrl,
sqs:GetQueueAttributes, sqs:ReceiveMessage and sqs:ChangeMessageVisibility; with --enqueue sqs:SendMessage and
lambda:InvokeFunction.`;

/** `spillway reconcile` */
export function reconcileCommand(session: Session): Command {
  return operatorCommand('reconcile', {
    summary: 'finds source objects without renditions, and enqueues them',
    description:
      'Lists the source objects that have neither all their renditions nor a dead letter, and makes jobs of them.',
  })
    .option('--enqueue', 'make jobs of them')
    .option('--start-after <KEY>', 'go on after this source key')
    .option('--older-than <AGE>', 'only objects that were written so long ago, such as 15m or 2h', durationOf)
    .option('--rate <N>', 'jobs a second at most', wholeNumber(1, 3_000), DEFAULT_RATE)
    .addHelpText('after', EXAMPLES)
    .action((options: ReconcileOptions) => run(session, options));
}

async function run(session: Session, options: ReconcileOptions): Promise<void> {
  const operated = await openPipeline(session, options);
  const worker = await deployedWorker(operated);
  checkStart(options, worker);
  const lettered = await keysWithLetter(session, operated);
  const done = await goThrough(session, operated, options, worker, lettered).catch((error: unknown) =>
    breakOff(error, options, operated.chosen, session),
  );
  session.progress?.clear();
  if (done.enqueued > 0) await kickScaler(operated, session);
  tell(session, operated, options, worker, done);
  if (session.stopping().aborted) throw new Stopped(`stopped. ${howToGoOn(done, options, operated.chosen)}`);
}

function checkStart({ startAfter }: ReconcileOptions, { sourcePrefix }: DeployedWorker): void {
  if (startAfter === undefined || startAfter.startsWith(sourcePrefix)) return;
  throw new UsageError(
    `--start-after must be a source key, which begins with ${sourcePrefix}, but ${shown(startAfter)} was given.`,
  );
}

async function keysWithLetter(session: Session, operated: Operated): Promise<ReadonlySet<string>> {
  const lettered = new Set<string>();
  const { end } = await findLetters(session, operated, {
    onLetter: ({ keys }) => {
      for (const key of keys) lettered.add(key);
    },
  });
  if (end.because === 'stopped') throw new Stopped('stopped before anything was looked at.');
  if (end.because === 'too-many-in-flight')
    throw new Refused(
      'there are more than 120,000 dead letters, which cannot all be looked at: redrive or purge some of them first.',
    );
  if (end.hidden > 0)
    session.note(
      `${counted(end.hidden, 'dead letter')} cannot be seen just now, since somebody else looks at them: their objects are found as well.`,
    );
  return lettered;
}

async function goThrough(
  session: Session,
  { account, chosen }: Operated,
  options: ReconcileOptions,
  worker: DeployedWorker,
  lettered: ReadonlySet<string>,
): Promise<Reconciled> {
  const { now, progress } = session;
  const { startAfter, rate } = options;
  const queue = await account.queues.open(chosen.queue);
  const waiting = await queue.depth();
  if (waiting.backlog + waiting.inFlight > 0)
    session.note(
      `${waiting.backlog + waiting.inFlight} messages wait or are in flight: their objects lack renditions still, and are found as well.`,
    );
  return reconcile({
    objects: findMissing({
      buckets: account.buckets,
      worker,
      suffixes: chosen.suffixes,
      until: now() - (options.olderThan ?? 0),
      ...(startAfter !== undefined && { startAfter }),
    }),
    lettered,
    ...(options.enqueue && {
      enqueue: {
        queue,
        eventOf: ({ source }) =>
          objectCreatedEvent([source], {
            bucket: worker.source.bucket,
            region: chosen.region,
            configurationId: 'spillway-reconcile',
            now: now(),
          }),
        pace: paceOf(rate, session),
        batch: Math.min(MOST_OF_ONE_CALL, rate),
      },
    }),
    stop: session.stopping(),
    onMissing: (missing) => {
      progress?.clear();
      session.print(options.json ? JSON.stringify(missingAsJson(missing, options)) : missingInWords(missing));
    },
    onProgress: ({ looked, missing, position = '' }) => {
      if (looked % SHOWN_EVERY === 0)
        progress?.show(`${looked} objects, ${missing} lack renditions, at ${printable(position)}`);
    },
    onCheckpoint: (soFar) => {
      progress?.clear();
      session.note(`${counted(soFar.looked, 'object')} looked at. ${howToGoOn(soFar, options, chosen)}`);
    },
  });
}

function breakOff(
  error: unknown,
  options: ReconcileOptions,
  chosen: ChosenPipeline,
  { progress }: Session,
): never {
  progress?.clear();
  if (!(error instanceof ReconcileBroken)) throw error;
  const sentence = failureSentence(error.cause) ?? String(error.cause);
  throw new Refused(`${sentence} ${howToGoOn(error.progress, options, chosen)}`, { cause: error });
}

function howToGoOn({ position }: Reconciled, options: ReconcileOptions, chosen: ChosenPipeline): string {
  const from = position ?? options.startAfter;
  if (from === undefined) return 'Nothing was done: run the command again.';
  return `To go on: ${sameCommand(options, chosen)} --start-after ${shellWord(from)}`;
}

/** The command line of a run, but for where it begins. */
function sameCommand({ enqueue, olderThan, rate, json }: ReconcileOptions, chosen: ChosenPipeline): string {
  return [
    `npx spillway reconcile ${sameOptions(chosen)}`,
    ...(enqueue ? ['--enqueue'] : []),
    ...(olderThan === undefined ? [] : [`--older-than ${durationInWords(olderThan)}`]),
    ...(rate === DEFAULT_RATE ? [] : [`--rate ${rate}`]),
    ...(json ? ['--json'] : []),
  ].join(' ');
}

function missingAsJson({ source, renditions, fault }: MissingObject, options: ReconcileOptions) {
  return {
    key: source.key,
    bytes: source.bytes,
    missing: renditions,
    enqueued: options.enqueue ?? false,
    ...(fault !== undefined && { fault }),
  };
}

function missingInWords({ source, renditions, fault }: MissingObject): string {
  return printable(`${source.key}  lacks ${renditions.join(', ')}${fault === undefined ? '' : `: ${fault}`}`);
}

function tell(
  session: Session,
  { chosen }: Operated,
  options: ReconcileOptions,
  worker: DeployedWorker,
  done: Reconciled,
): void {
  const { environment, pipeline } = chosen;
  const { looked, missing, enqueued, lettered, skipped, position } = done;
  if (options.json) {
    const summary = { environment, pipeline, revision: worker.revision, looked, missing, enqueued, skipped };
    session.print(JSON.stringify({ ...summary, deadLettered: lettered, position: position ?? null }));
    return;
  }
  const next =
    missing === 0 || enqueued > 0
      ? ''
      : ` To make jobs of them: ${sameCommand({ ...options, enqueue: true }, chosen)}${options.startAfter === undefined ? '' : ` --start-after ${shellWord(options.startAfter)}`}`;
  session.print(
    [
      `${counted(looked, 'object')} looked at: ${missing} without renditions and without a dead letter`,
      ...(enqueued > 0 ? [`${enqueued} are jobs now`] : []),
      ...(skipped > 0 ? [`${skipped} with a rendition that was skipped`] : []),
      `${lettered} with a dead letter.`,
    ].join(', ') + next,
  );
}
