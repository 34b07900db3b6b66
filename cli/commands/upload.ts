import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Skipped, skippedSentence } from '../../folder/skipped';
import { checkSourceFolder } from '../../folder/source-folder';
import { ignoredSentence } from '../../folder/system-files';
import { counted } from '../../text/pluralize';
import { printable } from '../../text/printable';
import type { Queue } from '../ports/queues';
import { type ChosenPipeline, sameOptions } from '../target/choose-pipeline';
import { deployedWorker } from '../target/deployed-worker';
import { invokeScaler } from '../target/invoke-scaler';
import { knownTerms } from '../target/recipe-in-force';
import { openTarget, type Target, type TargetOptions, targetCommand } from '../target/target';
import { InterruptError, RefusalError, UsageError } from '../terminal/failures';
import type { Session } from '../terminal/session';
import { madeRenditions } from '../upload/made-renditions';
import { type UploadCounts, uploadFolder } from '../upload/upload-folder';

/** The scaler runs beside its schedule while a long upload goes on. */
const INVOKE_EVERY_MILLISECONDS = 60_000;
const FIRST_INVOCATION_MILLISECONDS = 5_000;
/**
 * S3's events need a moment to the queue; without one of them the scaler would see nothing to do.
 */
const EVENT_WAIT_MILLISECONDS = 10_000;
const LOOK_EVERY_MILLISECONDS = 1_000;
const TOLD = 1_000;

const EXAMPLES = `
Examples:
  npx spillway upload ~/Pictures -e dev
  npx spillway upload ~/Pictures -e prod -p photos
  npx spillway upload samples --local http://127.0.0.1:41234

Keys are those of a local run: the source prefix and the path below DIR. A file that is there already with the same
size and checksum is not uploaded again, so that the same command goes on where Ctrl-C or a lost connection ended
it. The scaler runs at once, and nobody waits for its schedule. Files that are there with renditions of an older recipe
are counted, with the line that makes jobs of them.
Needs ssm:GetParameter, ssm:GetParameterHistory, ecs:DescribeTaskDefinition, s3:GetObject, s3:ListBucket, s3:PutObject,
s3:AbortMultipartUpload, sqs:GetQueueUrl, sqs:GetQueueAttributes and lambda:InvokeFunction; with an own key
kms:GenerateDataKey and kms:Decrypt.`;

/** Renditions that were skipped for a file that is there already. */
interface SkippedOfFile {
  readonly file: string;
  readonly renditions: readonly string[];
}

/** `spillway upload` */
export function uploadCommand(session: Session): Command {
  return targetCommand('upload', {
    summary: 'uploads a folder and runs the scaler at once',
    description:
      'Uploads every file of a folder, at any depth, to the source bucket of a pipeline.',
  })
    .argument('<DIR>', 'folder to upload')
    .addHelpText('after', EXAMPLES)
    .action((folder: string, options: TargetOptions) => upload(session, folder, options));
}

async function upload(session: Session, given: string, options: TargetOptions): Promise<void> {
  const folder = await checkSourceFolder(resolve(given)).catch((error: unknown) => {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  });
  const target = await openTarget(session, options);
  const { account, chosen } = target;
  const [worker, queue] = await Promise.all([
    deployedWorker(target),
    account.queues.open(chosen.queue),
  ]);
  const leftOut: Skipped[] = [];
  const skipped: SkippedOfFile[] = [];
  const terms = await knownTerms(target, worker);
  const about = { buckets: account.buckets, worker, terms };
  const invocations = openInvocations(session, target);
  let summary = 'nothing uploaded yet';
  const counts = await uploadFolder({
    ...worker,
    suffixes: chosen.suffixes,
    folder,
    buckets: account.buckets,
    stop: session.interruptSignal(),
    made: (source, signal) => madeRenditions({ ...about, source, signal }),
    onSkipped: ({ relativePath }, renditions) => {
      if (skipped.length < TOLD) skipped.push({ file: relativePath, renditions });
    },
    onLeftOut: (one) => {
      if (leftOut.length < TOLD) leftOut.push(one);
    },
    onSent: (file, sentBytes) => {
      const sent = `${inMebibytes(sentBytes)} of ${inMebibytes(file.bytes)} MiB`;
      session.showProgress(printable(`${summary}; ${file.relativePath} ${sent}`));
    },
    onDone: (soFar) => {
      summary = `${soFar.uploaded} uploaded, ${soFar.same} there already, ${mebibytes(soFar)}`;
      session.showProgress(summary);
      if (soFar.uploaded > 0) invocations.invokeWhenDue();
    },
  });
  await invocations.settle();
  if (counts.uploaded > 0) await invokeOnceSeen(session, target, queue);
  tell(session, options, target, counts, { leftOut, skipped });
}

/** Runs of the scaler while a long upload continues. */
function openInvocations(session: Session, target: Target) {
  const invocations: Promise<void>[] = [];
  let dueAt = session.now() + FIRST_INVOCATION_MILLISECONDS;
  return {
    invokeWhenDue: () => {
      if (session.now() < dueAt) return;
      dueAt = session.now() + INVOKE_EVERY_MILLISECONDS;
      invocations.push(invokeScaler(target, session));
    },
    settle: () => Promise.all(invocations),
  };
}

/**
 * Somebody who asks to stop does not wait for the events; the scaler's schedule finds what comes
 * later.
 */
async function invokeOnceSeen(session: Session, target: Target, queue: Queue): Promise<void> {
  const until = session.now() + EVENT_WAIT_MILLISECONDS;
  const stop = session.interruptSignal();
  while (session.now() < until && !stop.aborted) {
    const { backlog, inFlight } = await queue.depth();
    if (backlog + inFlight > 0) break;
    await session.sleep(LOOK_EVERY_MILLISECONDS);
  }
  await invokeScaler(target, session);
}

const inMebibytes = (bytes: number) => (bytes / 1_048_576).toFixed(1);
const mebibytes = ({ bytes }: UploadCounts) => `${inMebibytes(bytes)} MiB`;

function tell(
  session: Session,
  options: TargetOptions,
  { chosen }: Target,
  counts: UploadCounts,
  {
    leftOut,
    skipped,
  }: { readonly leftOut: readonly Skipped[]; readonly skipped: readonly SkippedOfFile[] },
): void {
  const { environment, pipeline, suffixes } = chosen;
  if (options.json)
    session.print(
      JSON.stringify(
        { environment, pipeline, ...counts, leftOutFiles: leftOut, skippedRenditions: skipped },
        undefined,
        2,
      ),
    );
  else session.print(inWords(counts, chosen, session.paint));
  if (!options.json && counts.noEvent > 0)
    session.warn(
      `${counts.noEvent} files were not uploaded, since S3 announces only keys that end in ${suffixes.join(', ')}, the \`suffixes\` of the configuration.`,
    );
  if (!options.json && counts.outdated > 0)
    session.warn(
      `Of those that were there already, ${counted(counts.outdated, 'file')} ${counts.outdated === 1 ? 'has' : 'have'} not all renditions of the recipe in force. To make jobs of what is older than it: npx spillway reconcile ${sameOptions(chosen)} --recipe-changed --enqueue`,
    );
  if (!options.json && counts.passedOver > 0) session.warn(ignoredSentence(counts.passedOver));
  if (!options.json)
    for (const { file, renditions } of skipped)
      session.warn(
        printable(`${file} is there without ${renditions.join(', ')}, which cannot be made of it.`),
      );
  if (!options.json) for (const one of leftOut) session.warn(printable(skippedSentence(one)));
  if (session.interruptSignal().aborted)
    throw new InterruptError(
      `stopped after ${counted(counts.uploaded, 'file')}: the same command goes on from here.`,
    );
  if (counts.leftOut > 0)
    throw new RefusalError(`${counted(counts.leftOut, 'file')} could not be uploaded.`);
}

function inWords(counts: UploadCounts, chosen: ChosenPipeline, paint: Session['paint']): string {
  const same = counts.same > 0 ? ` ${counts.same} were there already.` : '';
  const next =
    counts.uploaded > 0 ? ` To follow them: npx spillway watch ${sameOptions(chosen)}` : '';
  return `${paint('green', `${counted(counts.uploaded, 'file')} uploaded, ${mebibytes(counts)}.`)}${same}${next}`;
}
