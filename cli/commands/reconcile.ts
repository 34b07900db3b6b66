import type { Command } from 'commander';
import { objectCreatedEvent } from '../../contract/object-created-event';
import { printable } from '../../text/printable';
import { pluralize, shown } from '../../text/words';
import { findLetters } from '../dead-letters/find-letters';
import type { Queue } from '../ports/queues';
import { hasShards } from '../reconcile/known-samples';
import {
  MOST_OF_ONE_CALL,
  ReconcileError,
  type ReconcileResult,
  type ReconcileSettings,
  reconcile,
} from '../reconcile/reconcile';
import {
  DEFAULT_RATE,
  howToGoOn,
  missingAsJson,
  missingInWords,
  orphansAsJson,
  orphansInWords,
  type ReconcileOptions,
  summaryAsJson,
  summaryInWords,
} from '../reconcile/reconcile-page';
import { type Search, soughtObjects } from '../reconcile/sought-objects';
import type { TargetPipeline } from '../target/choose-pipeline';
import { type DeployedWorker, deployedWorker } from '../target/deployed-worker';
import { knownTerms, recipeInForce } from '../target/recipe-in-force';
import { invokeScaler } from '../target/scaler-runs';
import { openTarget, type Target, targetCommand } from '../target/target';
import { withDeployed } from '../target/with-deployed';
import { failureSentence, InterruptError, RefusalError, UsageError } from '../terminal/failures';
import { durationOf, wholeNumber } from '../terminal/option-values';
import { createRateLimiter } from '../terminal/rate-limiter';
import type { Session } from '../terminal/session';

/** A line for each of a million objects would take longer than the objects. */
const SHOWN_EVERY = 100;

const EXAMPLES = `
Examples:
  npx spillway reconcile -e dev                                  what lacks outputs
  npx spillway reconcile -e dev --enqueue                        makes jobs of it
  npx spillway reconcile -e dev --enqueue --older-than 1h        leaves alone what is on its way
  npx spillway reconcile -e dev --recipe-changed --enqueue       and what an older recipe made
  npx spillway reconcile -e dev --orphans --json | jq -r '.orphans[]?'   outputs to delete
  npx spillway reconcile -e dev --enqueue --start-after 'ecsproc/2024/IMG_9.jpg'
  npx spillway reconcile -e dev --json | jq -r 'select(.key) | .key'

Finds objects that lack outputs and have no dead letter: S3 never announced them, because they
were there before the pipeline or a notification was removed; their dead letters were purged; a
new recipe wants more outputs; or an output is older than its source. What waits in the queue
now lacks its outputs too: a second job of it does no harm. Buckets, prefixes and recipe are
those of the promoted revision. A million objects take about a thousand list calls for the source
and for each output, and one look for each missing output. With --recipe-changed the
listings show what is older than the recipe, and what earlier tasks may still have written is
looked at as well. Ctrl-C says where to continue; so does a line on stderr each 10,000 objects,
for a run that is killed. With --json it prints one document a line, the last one with the counts.
Where a manifest lists the outputs of an object, it is held against a listing, by one read and one
list call for each object; with --orphans the outputs of older versions, which the newest manifest
no longer lists and nothing deletes, are printed as well.
Where the destination is shards, an object is done when a part or the last generation has its
version, or says that the recipe leaves it out: the indexes are read instead of listings.
Needs ssm:GetParameter, ssm:GetParameterHistory, ecs:DescribeTaskDefinition, s3:ListBucket and
s3:GetObject on both buckets, sqs:GetQueueUrl, sqs:GetQueueAttributes, sqs:ReceiveMessage and
sqs:ChangeMessageVisibility; with --enqueue sqs:SendMessage and lambda:InvokeFunction.`;

/** `spillway reconcile` */
export function reconcileCommand(session: Session): Command {
  return targetCommand('reconcile', {
    summary: 'finds source objects without outputs, and enqueues them',
    description:
      'Lists the source objects that have neither all their outputs nor a dead letter, and ' +
      'makes jobs of them.',
  })
    .option('--enqueue', 'make jobs of them')
    .option('--recipe-changed', 'also what has outputs that are older than the recipe')
    .option('--orphans', 'also outputs that a manifest no longer lists')
    .option('--start-after <KEY>', 'continue after this source key')
    .option(
      '--older-than <AGE>',
      'only objects that are at least this old, such as 15m or 2h',
      durationOf,
    )
    .option('--rate <N>', 'jobs a second at most', wholeNumber(1, 3_000), DEFAULT_RATE)
    .addHelpText('after', EXAMPLES)
    .action((options: ReconcileOptions) => run(session, options));
}

async function run(session: Session, options: ReconcileOptions): Promise<void> {
  const target = await openTarget(session, options);
  const worker = await deployedWorker(target);
  checkStart(options, worker);
  checkOrphans(options, worker);
  const terms = hasShards(worker) ? undefined : await termsOf(target, worker, options);
  const lettered = await keysWithLetter(session, target);
  const done = await goThrough(session, target, { options, worker, terms, lettered }).catch(
    (error: unknown) => breakOff(error, options, target.chosen),
  );
  if (done.enqueued > 0) await invokeScaler(target, session);
  const { chosen } = target;
  session.print(
    options.json
      ? summaryAsJson(done, worker.revision, chosen)
      : summaryInWords(done, options, chosen),
  );
  if (session.interruptSignal().aborted)
    throw new InterruptError(`stopped. ${howToGoOn(done, options, target.chosen)}`);
}

function termsOf(target: Target, worker: DeployedWorker, { recipeChanged }: ReconcileOptions) {
  return recipeChanged
    ? withDeployed(target.chosen, () => recipeInForce(target, worker))
    : knownTerms(target, worker);
}

function checkStart({ startAfter }: ReconcileOptions, { sourcePrefix }: DeployedWorker): void {
  if (startAfter === undefined || startAfter.startsWith(sourcePrefix)) return;
  throw new UsageError(
    `--start-after must be a source key, which begins with ${sourcePrefix}, but ` +
      `${shown(startAfter)} was given.`,
  );
}

function checkOrphans({ orphans }: ReconcileOptions, worker: DeployedWorker): void {
  const why = orphans && whyNoOrphans(worker);
  if (why)
    throw new UsageError(`--orphans is for a workload whose outputs a manifest lists, but ${why}`);
}

function whyNoOrphans(worker: DeployedWorker): string | undefined {
  if (hasShards(worker))
    return 'this one collects samples: `dataset finish` takes the newest one of each source.';
  if (worker.outputs.some(({ isManifest }) => isManifest)) return undefined;
  return 'this one plans them by name: a new version overwrites all of them.';
}

async function keysWithLetter(session: Session, target: Target): Promise<ReadonlySet<string>> {
  const lettered = new Set<string>();
  const { end } = await findLetters(session, target, {
    onLetter: ({ keys }) => {
      for (const key of keys) lettered.add(key);
    },
  });
  if (end.because === 'stopped') throw new InterruptError('stopped before anything was looked at.');
  if (end.because === 'too-many-in-flight')
    throw new RefusalError(
      'there are more than 120,000 dead letters, which cannot all be looked at: redrive or ' +
        'purge some of them first.',
    );
  if (end.hidden > 0)
    session.warn(
      `${pluralize(end.hidden, 'dead letter')} cannot be seen now, since another reader holds ` +
        'them: their objects are found as well.',
    );
  return lettered;
}

async function goThrough(
  session: Session,
  target: Target,
  sought: Search,
): Promise<ReconcileResult> {
  const { options, lettered } = sought;
  const queue = await target.account.queues.open(target.chosen.queue);
  const waiting = await queue.depth();
  if (waiting.backlog + waiting.inFlight > 0)
    session.warn(
      `${waiting.backlog + waiting.inFlight} messages wait or are in flight: their objects ` +
        'still lack outputs and are found as well.',
    );
  return reconcile({
    objects: await soughtObjects(session, target, sought),
    lettered,
    ...(options.enqueue && { enqueue: enqueueing(session, target, { ...sought, queue }) }),
    stop: session.interruptSignal(),
    ...tellingOn(session, options, target.chosen),
  });
}

function enqueueing(
  session: Session,
  { chosen }: Target,
  { options: { rate }, worker, queue }: Search & { readonly queue: Queue },
): NonNullable<ReconcileSettings['enqueue']> {
  return {
    queue,
    eventOf: ({ source }) =>
      objectCreatedEvent([source], {
        bucket: worker.source.bucket,
        region: chosen.region,
        configurationId: 'spillway-reconcile',
        now: session.now(),
      }),
    rateLimiter: createRateLimiter(rate, session),
    batch: Math.min(MOST_OF_ONE_CALL, rate),
  };
}

function tellingOn(
  session: Session,
  options: ReconcileOptions,
  chosen: TargetPipeline,
): Pick<ReconcileSettings, 'onMissing' | 'onOrphans' | 'onProgress' | 'onCheckpoint'> {
  return {
    ...(options.orphans && {
      onOrphans: (key, orphans) =>
        session.print(options.json ? orphansAsJson(key, orphans) : orphansInWords(key, orphans)),
    }),
    onMissing: (missing) => {
      session.print(options.json ? missingAsJson(missing, options) : missingInWords(missing));
    },
    onProgress: ({ looked, missing, position = '' }) => {
      if (looked % SHOWN_EVERY === 0)
        session.showProgress(
          `${looked} objects, ${missing} lack outputs, at ${printable(position)}`,
        );
    },
    onCheckpoint: (soFar) => {
      session.warn(
        `${pluralize(soFar.looked, 'object')} looked at. ${howToGoOn(soFar, options, chosen)}`,
      );
    },
  };
}

function breakOff(error: unknown, options: ReconcileOptions, chosen: TargetPipeline): never {
  if (!(error instanceof ReconcileError)) throw error;
  const sentence = failureSentence(error.cause) ?? String(error.cause);
  throw new RefusalError(`${sentence} ${howToGoOn(error.progress, options, chosen)}`, {
    cause: error,
  });
}
