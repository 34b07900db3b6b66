import { resolve } from 'node:path';
import type { Command } from 'commander';
import {
  isLabelPattern,
  labelByPattern,
  unmatchedSentence,
} from '../../application-code/worker/src/parts/label';
import { checkSourceFolder } from '../../folder/source-folder';
import { unmatched } from '../../folder/unmatched';
import { hasShards, knownSamples, SAMPLE, type ShardsWorker } from '../reconcile/known-samples';
import { type DeployedWorker, deployedWorker } from '../target/deployed-worker';
import { madeOutputs } from '../target/made-outputs';
import { knownTerms } from '../target/recipe-in-force';
import { ScalerRuns } from '../target/scaler-runs';
import { openTarget, type Target, type TargetOptions, targetCommand } from '../target/target';
import { RefusalError, UsageError } from '../terminal/failures';
import type { Session } from '../terminal/session';
import { type UploadSettings, uploadFolder } from '../upload/upload-folder';
import { UploadReport } from '../upload/upload-report';

const EXAMPLES = `
Examples:
  npx spillway upload ~/Pictures -e dev
  npx spillway upload ~/Pictures -e prod -p photos
  npx spillway upload samples --local http://127.0.0.1:41234

Keys are those of a local run: the source prefix and the path below DIR. A file that is there
already with the same size and checksum is not uploaded again, so that the same command continues
where Ctrl-C or a lost connection ended it. The scaler runs at once, before its schedule. Files
that are there with outputs of an older recipe are counted, with the line that makes jobs of
them.
Needs ssm:GetParameter, ssm:GetParameterHistory, ecs:DescribeTaskDefinition, s3:GetObject,
s3:ListBucket, s3:PutObject, s3:AbortMultipartUpload, sqs:GetQueueUrl, sqs:GetQueueAttributes and
lambda:InvokeFunction; with an own key kms:GenerateDataKey and kms:Decrypt.`;

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
  const { buckets } = account;
  const [worker, queue] = await Promise.all([
    deployedWorker(target),
    account.queues.open(chosen.queue),
  ]);
  await checkLabel(folder, worker);
  const terms = hasShards(worker) ? undefined : await knownTerms(target, worker);
  const runs = new ScalerRuns(session, target);
  const report = new UploadReport(session, options, chosen);
  const counts = await uploadFolder({
    ...worker,
    suffixes: chosen.suffixes,
    folder,
    buckets,
    stop: session.interruptSignal(),
    made: hasShards(worker)
      ? madeSamples(target, worker)
      : (source, signal) => madeOutputs({ buckets, worker, terms, source, signal }),
    ...report.events,
    onDone: (soFar) => {
      report.events.onDone(soFar);
      if (soFar.uploaded > 0) runs.invokeWhenDue();
    },
  });
  await runs.settle();
  if (counts.uploaded > 0) await runs.invokeOnceSeen(queue);
  report.print(counts);
}

/** @throws RefusalError when the pattern of the pipeline's labels matches none of the files. */
async function checkLabel(folder: string, { shardLabel = 'none' }: DeployedWorker): Promise<void> {
  if (!isLabelPattern(shardLabel)) return;
  const tried = await unmatched(folder, (path) => labelByPattern(shardLabel, path) !== undefined);
  if (!tried) return;
  throw new RefusalError(`${unmatchedSentence(shardLabel, tried)}, deploy, and upload again.`);
}

/** What a dataset has of a file that is there already. It is read when the first one is. */
function madeSamples(target: Target, worker: ShardsWorker): UploadSettings['made'] {
  let known: ReturnType<typeof knownSamples> | undefined;
  return async (source) => {
    known ??= knownSamples(target, worker);
    const { state, isOutdated } = (await known).of(source);
    return { skipped: state === 'left-out' ? [SAMPLE] : [], isOutdated };
  };
}
