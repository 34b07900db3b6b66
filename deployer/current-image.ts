import { type DeliveryTarget, REVISION_TAGS } from '../contract/delivery';
import { NO_IMAGE_YET, TASK_DEFINITION_PARAMETER } from '../contract/parameters';
import { imageOfRevision, type WorkerImage } from './candidate';
import type { ParameterValue, Revision } from './ports';
import type { Surroundings } from './surroundings';

type Around = Pick<Surroundings, 'parameters' | 'taskDefinitions'>;

/**
 * Most promotions that can fall between the look and the write of a redeploy. A revision that named
 * an older look than this was written again, by a rollback.
 */
const MOST_BETWEEN = 10;

/**
 * The image that is to be current. It is the promoted revision's, but for one case: a redeploy
 * writes the image that it saw promoted, and says in a tag at which version it saw it. When other
 * promotions fell between, its write undid them by accident, and the image of the last of those
 * counts.
 * @returns undefined when nothing has been promoted.
 * @throws Error when a promoted revision does not exist.
 */
export async function currentImage(
  around: Around,
  target: DeliveryTarget,
  promoted: ParameterValue,
): Promise<WorkerImage | undefined> {
  const revision = await promotedRevision(around, target, promoted);
  if (!revision) return undefined;
  if (!(await isAccident(around, target, promoted, revision)))
    return imageOfRevision(target, revision);
  const version = promoted.version - 1;
  const value = await around.parameters.readVersion(nameOf(target), version);
  return currentImage(around, target, { value, version });
}

/** The revision that a parameter's value names. */
export async function promotedRevision(
  { taskDefinitions }: Around,
  target: DeliveryTarget,
  { value }: ParameterValue,
): Promise<Revision | undefined> {
  if (value === NO_IMAGE_YET) return undefined;
  const revision = await taskDefinitions.describe(value);
  if (revision) return revision;
  throw new Error(
    `The parameter ${nameOf(target)} names ${value}, which ECS does not know: roll back to a revision that exists (\`npx spillway revisions\` shows them).`,
  );
}

async function isAccident(
  { parameters }: Around,
  target: DeliveryTarget,
  { value, version }: ParameterValue,
  { tags }: Revision,
): Promise<boolean> {
  const seenAt = Number(tags[REVISION_TAGS.imageSeenAt] ?? Number.NaN);
  const between = version - 1 - seenAt;
  if (!(between > 0 && between <= MOST_BETWEEN)) return false;
  // What was promoted before is there again because somebody went back to it.
  for (let earlier = seenAt + 1; earlier < version; earlier += 1) {
    if ((await parameters.readVersion(nameOf(target), earlier)) === value) return false;
  }
  return true;
}

function nameOf({ parameterPath }: DeliveryTarget): string {
  return `${parameterPath}${TASK_DEFINITION_PARAMETER}`;
}
