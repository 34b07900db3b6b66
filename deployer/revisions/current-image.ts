import { DEFAULT_WORKLOAD } from '../../application-code/workloads';
import { type DeliveryTarget, REVISION_TAGS } from '../../contract/delivery';
import { NO_IMAGE_YET, TASK_DEFINITION_PARAMETER } from '../../contract/parameters';
import type { DeployPorts, ParameterValue, Revision } from '../ports';
import { imageOfRevision, variablesOf, type WorkerImage } from './candidate';

type RevisionPorts = Pick<DeployPorts, 'parameters' | 'taskDefinitions'>;

/**
 * Most promotions that can happen between the read and the write of a redeploy. A revision whose
 * tag names an older version than this was written again by a rollback.
 */
const MOST_BETWEEN = 10;

/**
 * The image that must be current: the promoted revision's, with one exception. A redeploy writes
 * the image that it read as promoted, and a tag says at which version it read it. If other
 * promotions came between, its write undid them by accident, and the image of the last of those
 * counts.
 * @returns undefined when nothing of the pipeline's workload has been promoted.
 * @throws Error when a promoted revision does not exist.
 */
export async function currentImage(
  ports: RevisionPorts,
  target: DeliveryTarget,
  promoted: ParameterValue,
): Promise<WorkerImage | undefined> {
  const revision = await promotedRevision(ports, target, promoted);
  if (!revision || workloadOf(revision) !== target.workload) return undefined;
  if (!(await isAccident(ports, target, promoted, revision)))
    return imageOfRevision(target, revision);
  const version = promoted.version - 1;
  const value = await ports.parameters.readVersion(nameOf(target), version);
  return currentImage(ports, target, { value, version });
}

/** A pipeline's settings may have named another workload before. */
function workloadOf(revision: Revision): string {
  return variablesOf(revision).WORKLOAD ?? DEFAULT_WORKLOAD;
}

/** The revision that a parameter's value names. */
export async function promotedRevision(
  { taskDefinitions }: RevisionPorts,
  target: DeliveryTarget,
  { value }: ParameterValue,
): Promise<Revision | undefined> {
  if (value === NO_IMAGE_YET) return undefined;
  const revision = await taskDefinitions.describe(value);
  if (revision) return revision;
  throw new Error(
    `The parameter ${nameOf(target)} names ${value}, which ECS does not know: roll back to a ` +
      'revision that exists (`npx spillway revisions` shows them).',
  );
}

async function isAccident(
  { parameters }: RevisionPorts,
  target: DeliveryTarget,
  { value, version }: ParameterValue,
  { tags }: Revision,
): Promise<boolean> {
  const seenAt = Number(tags[REVISION_TAGS.imageSeenAt] ?? Number.NaN);
  const between = version - 1 - seenAt;
  if (!(between > 0 && between <= MOST_BETWEEN)) return false;
  // What was promoted before is there again because of a rollback.
  for (let earlier = seenAt + 1; earlier < version; earlier += 1) {
    if ((await parameters.readVersion(nameOf(target), earlier)) === value) return false;
  }
  return true;
}

function nameOf({ parameterPath }: DeliveryTarget): string {
  return `${parameterPath}${TASK_DEFINITION_PARAMETER}`;
}
