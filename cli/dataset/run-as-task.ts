import type { DatasetRequest } from '../../dataset/request';
import type { ResultLine } from '../../dataset/run';
import type { CanaryTask } from '../../deployer/ports';
import type { TargetPipeline } from '../target/choose-pipeline';
import { sameOptions } from '../target/choose-pipeline';
import { withDeployed } from '../target/with-deployed';
import { InterruptError, RefusalError } from '../terminal/failures';
import type { Session } from '../terminal/session';
import type { DatasetTarget } from './dataset-target';
import { progressInWords } from './progress';

/** Between two looks at a task. */
const LOOK_MILLISECONDS = 5_000;
/** Looks after the end of a task in which its last lines come: CloudWatch Logs is a little late. */
const LAST_LOOKS = 6;
/** Looks in which ECS may not know a task that it has just taken. */
const UNKNOWN_LOOKS = 12;

/** A line of the task: progress, a source without a sample, or the end. */
type TaskLine = Readonly<Record<string, unknown>> & { readonly event?: string };

/**
 * Runs a request as a task on the cluster, and shows how far it is.
 * @throws RefusalError with what the task said when it failed.
 */
export async function runAsTask(
  session: Session,
  dataset: DatasetTarget,
  request: DatasetRequest,
): Promise<ResultLine> {
  const { target } = dataset;
  const { cluster, taskArn } = await launch(dataset, request);
  session.warn(`Task ${taskArn.slice(taskArn.lastIndexOf('/') + 1)} was started.`);
  const tail = () => lines(dataset, taskArn);
  let unknown = 0;
  for (;;) {
    await session.sleep(LOOK_MILLISECONDS);
    if (session.interruptSignal().aborted) throw goesOn(taskArn, target.chosen);
    const task = await target.account.datasetTasks.look(cluster, taskArn);
    unknown = task ? 0 : unknown + 1;
    if (unknown > UNKNOWN_LOOKS) throw new RefusalError(`ECS no longer knows the task ${taskArn}.`);
    if (task?.isStopped) return await resultOf(session, task, { taskArn, tail });
    const progress = (await tail()).map(progressInWords).findLast((text) => text !== undefined);
    session.showProgress(progress ?? 'The task starts.');
  }
}

async function launch(
  { target, worker }: DatasetTarget,
  request: DatasetRequest,
): Promise<{ readonly cluster: string; readonly taskArn: string }> {
  const { account, chosen } = target;
  const variables = await withDeployed(chosen, () => account.scaler.variables(chosen.scaler));
  const cluster = variables.CLUSTER ?? '';
  const launched = await account.datasetTasks.launch({
    cluster,
    revision: worker.revision,
    taskRoleArn: roleArn(worker.revisionArn, chosen.datasetRole),
    command: ['--dataset', JSON.stringify({ request, suffixes: chosen.suffixes })],
    subnetIds: variables.SUBNETS?.split(',') ?? [],
    securityGroupIds: variables.SECURITY_GROUPS?.split(',') ?? [],
    assignPublicIp: variables.ASSIGN_PUBLIC_IP === 'ENABLED',
  });
  if (launched.kind === 'accepted') return { cluster, taskArn: launched.taskArn };
  throw new RefusalError(
    `ECS started no task (${launched.because}): try again in a minute, or say --local to do it ` +
      'on this machine.',
  );
}

/** A role of the account and the partition in which the task definition is. */
function roleArn(revisionArn: string, role: string): string {
  const [, partition = 'aws', , , account = ''] = revisionArn.split(':');
  return `arn:${partition}:iam::${account}:role/${role}`;
}

async function lines({ target }: DatasetTarget, taskArn: string): Promise<readonly TaskLine[]> {
  const { account, chosen } = target;
  const texts = await account.datasetTasks.tail(`${chosen.parameterPath}worker`, taskArn);
  return texts.flatMap((text) => {
    try {
      return [Object(JSON.parse(text)) as TaskLine];
    } catch {
      return [{ text }];
    }
  });
}

async function resultOf(
  session: Session,
  task: CanaryTask,
  {
    taskArn,
    tail,
  }: { readonly taskArn: string; readonly tail: () => Promise<readonly TaskLine[]> },
): Promise<ResultLine> {
  let said: readonly TaskLine[] = [];
  for (let look = 0; look < LAST_LOOKS; look += 1) {
    said = await tail();
    const last = said.findLast(({ event }) => event !== undefined && ENDS.has(event));
    if (last?.event === 'dataset-failed') throw new RefusalError(String(last.message));
    if (last) return last as unknown as ResultLine;
    await session.sleep(LOOK_MILLISECONDS);
  }
  const [container] = task.containers;
  const why = [task.stoppedReason, container?.reason].filter(Boolean).join('; ');
  const last = said.at(-1)?.text;
  throw new RefusalError(
    `the task ${taskArn} ended with code ${container?.exitCode ?? 'none'} and said no result` +
      `${why ? `: ${why}` : ''}${last ? `; its last line: ${String(last)}` : ''}. What it has ` +
      'written is kept: the same command continues.',
  );
}

const ENDS: ReadonlySet<string> = new Set([
  'dataset-finished',
  'dataset-verified',
  'dataset-failed',
]);

const goesOn = (taskArn: string, chosen: TargetPipeline) =>
  new InterruptError(
    `no longer waiting: the task ${taskArn} continues. \`npx spillway dataset status ` +
      `${sameOptions(chosen)}\` shows what it has done.`,
  );
