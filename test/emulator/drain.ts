import type { Policy } from '../../lambda/scaler/decision/policy';
import type { Pipeline, TaskView } from '../../local/ports';
import { brokenPromises } from '../e2e/broken-promises';
import type { Photo } from '../e2e/photos';
import { eventually } from '../fakes/eventually';
import type { AwsClients } from './clients';
import type { Fleet } from './fleet';
import type { LaunchSettings } from './launch-modes';
import { readOutcome } from './outcome';

export interface DrainParts {
  readonly clients: AwsClients;
  readonly pipeline: Pipeline;
  readonly fleet: Fleet;
  readonly settings: LaunchSettings;
  /** That may run at once. */
  readonly mostTasks: number;
  /** How a task dies under way: the jobs of one that is killed wait for their visibility. */
  readonly kills: 'SIGKILL' | 'SIGTERM';
}

/** Uploads in one go. */
const UPLOADS_AT_ONCE = 20;
/** Jobs after which a task dies, and those after which another one does. */
const DEATHS_AT = [40, 100];

/**
 * Uploads photos, lets two tasks die on the way, and waits until all is done.
 * @returns what is wrong in the end.
 */
export async function drain(photos: readonly Photo[], parts: DrainParts): Promise<string[]> {
  const { clients, pipeline, fleet, settings, kills } = parts;
  await upload(photos, parts);
  // An upload starts the first task without a run of the schedule.
  if (settings.wake === 'event') await eventually(() => fleet.runner.tasks().length > 0);
  const deaths = letTasksDie(fleet, kills);
  const { policy } = (await fleet.scale()) as { readonly policy?: Policy };
  const keys = photos.map(({ path }) => `${pipeline.sourcePrefix}${path}`);
  await fleet.quiet(keys, settings.minTasks);
  await deaths;
  const outcome = await readOutcome(clients, pipeline);
  return [
    ...otherLaunch(policy, settings),
    ...tooManyTasks(fleet.runner.tasks(), parts),
    ...(await brokenPromises(photos, outcome, pipeline)),
  ];
}

/** By what else the scaler launches tasks than it was told. */
function otherLaunch(policy: Policy | undefined, settings: LaunchSettings): string[] {
  const { launch, scaling, minTasks = 0 } = settings;
  const wanted = launch === 'per-object' ? launch : (scaling?.policy ?? 'jobs-per-task');
  if (policy?.scaling.policy === wanted && policy.minTasks === minTasks) return [];
  return [`the scaler goes by ${JSON.stringify(policy)}`];
}

function tooManyTasks(tasks: readonly TaskView[], { mostTasks }: DrainParts): string[] {
  const most = mostAtOnce(tasks);
  return most > mostTasks ? [`${most} tasks ran at once, not ${mostTasks}`] : [];
}

async function upload(
  photos: readonly Photo[],
  { clients: { s3 }, pipeline: { sourceBucket: Bucket, sourcePrefix } }: DrainParts,
): Promise<void> {
  const left = [...photos];
  const put = async () => {
    for (let photo = left.shift(); photo; photo = left.shift())
      await s3.putObject({ Bucket, Key: `${sourcePrefix}${photo.path}`, Body: photo.body });
  };
  await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, put));
}

async function letTasksDie({ runner, jobs }: Fleet, signal: NodeJS.Signals): Promise<void> {
  for (const count of DEATHS_AT) {
    const running = () => runner.tasks().find(({ lastStatus }) => lastStatus === 'RUNNING');
    const { taskArn } = await eventually(() => (jobs.length >= count ? running() : undefined));
    runner.killTask(taskArn, signal);
  }
}

/** Most of these tasks that ran at the same time. */
function mostAtOnce(tasks: readonly TaskView[]): number {
  const started = tasks.flatMap(({ startedAt, stoppedAt = Number.POSITIVE_INFINITY }) =>
    startedAt === undefined ? [] : [{ startedAt, stoppedAt }],
  );
  const at = (time: number) =>
    started.filter((task) => task.startedAt <= time && time < task.stoppedAt).length;
  return Math.max(0, ...started.map(({ startedAt }) => at(startedAt)));
}
