import { DELIVERY_PARAMETERS, type DeliveryTarget } from '../pipeline/delivery';
import { NO_IMAGE_YET, TASK_DEFINITION_PARAMETER } from '../pipeline/parameters';
import { candidateOf, imageOfDigest, imageOfRevision, isCopy, type WorkerImage } from './candidate';
import type { Environment } from './environment';
import type { ParameterValue, Revision } from './ports';
import type { Surroundings } from './surroundings';
import { parseTarget } from './target';

/** An image whose place in the order of promotions is known, though the parameter names another one. */
export interface CarriedImage {
  readonly image: WorkerImage;
  /** Version of `task-definition` with which we overwrote it; once there is a newer one, that one counts. */
  readonly since: number;
}

/** One pipeline on its way to a promotion. */
export interface Course {
  readonly deliveryPath: string;
  readonly carried?: CarriedImage;
}

/** What was read and made before the canary. */
export interface Prepared {
  readonly course: Course;
  readonly target: DeliveryTarget;
  /** Version of the parameter `target` that was read. */
  readonly targetVersion: number;
  /** The parameter `task-definition` as it was read. */
  readonly promoted: ParameterValue;
  readonly image: WorkerImage;
  /** Whether the image is a build's; else it is the one that was current. */
  readonly isNewImage: boolean;
  readonly candidate: Revision;
}

export type Preparation = Prepared | 'nothing-to-do';

type Request = Pick<Environment, 'digests' | 'commit'>;

/** Registers the candidate of one pipeline, unless there is nothing to do, which is said. */
export async function prepare(around: Surroundings, request: Request, course: Course): Promise<Preparation> {
  const { parameters, taskDefinitions, say } = around;
  const parameter = `${course.deliveryPath}${DELIVERY_PARAMETERS.target}`;
  const { value, version: targetVersion } = await parameters.read(parameter);
  const target = parseTarget(parameter, value);
  const promoted = await parameters.read(`${target.parameterPath}${TASK_DEFINITION_PARAMETER}`);
  const current = await currentRevision(around, target, promoted);
  const digest = request.digests[target.architecture];
  const image = digest
    ? imageOfDigest(target, digest, request.commit)
    : currentImage(target, course, promoted, current);
  if (!image) {
    say(`${target.pipeline}: no image yet; the first one arrives with the first build`);
    return 'nothing-to-do';
  }
  const mustRetry = digest !== undefined && (await wasRefused(around, course));
  if (current && !mustRetry && isCopy(current, target.templateRevision, image)) {
    say(`${target.pipeline}: nothing to do, ${current.name} is promoted with this template and image`);
    return 'nothing-to-do';
  }
  const template = await templateOf(around, target);
  await checkImage(around, target, image);
  const { definition, tags } = candidateOf(template, target, image);
  say(`${target.pipeline}: template ${template.name}, image ${shown(image)}`);
  const candidate = await taskDefinitions.register(definition, tags);
  return { course, target, targetVersion, promoted, image, isNewImage: digest !== undefined, candidate };
}

/** @throws Error when the parameter names a revision that ECS does not know. */
async function currentRevision(
  { taskDefinitions }: Surroundings,
  { parameterPath }: DeliveryTarget,
  { value }: ParameterValue,
): Promise<Revision | undefined> {
  if (value === NO_IMAGE_YET) return undefined;
  const revision = await taskDefinitions.describe(value);
  if (revision) return revision;
  throw new Error(
    `The parameter ${parameterPath}${TASK_DEFINITION_PARAMETER} names ${value}, which ECS does not know: roll back to a revision that exists (\`npx spillway revisions\` shows them).`,
  );
}

function currentImage(
  target: DeliveryTarget,
  { carried }: Course,
  { version }: ParameterValue,
  current: Revision | undefined,
): WorkerImage | undefined {
  if (carried?.since === version) return carried.image;
  return current && imageOfRevision(target, current);
}

async function wasRefused({ parameters }: Surroundings, { deliveryPath }: Course): Promise<boolean> {
  const { value } = await parameters.read(`${deliveryPath}${DELIVERY_PARAMETERS.outcome}`);
  return /"result":\s*"refused"/.test(value);
}

async function templateOf({ taskDefinitions }: Surroundings, target: DeliveryTarget): Promise<Revision> {
  const template = await taskDefinitions.describe(target.templateRevision);
  if (template) return template;
  throw new Error(
    `The template ${target.templateRevision} does not exist: deploy the stacks of this environment again.`,
  );
}

async function checkImage({ images }: Surroundings, { repository }: DeliveryTarget, { digest }: WorkerImage) {
  if (!digest || (await images.has(repository, digest))) return;
  throw new Error(
    `The image ${digest} is not in the ECR repository ${repository}: build it again, or take the digest of one that is there.`,
  );
}

const SHOWN_DIGITS = 12;

function shown({ uri, digest }: WorkerImage): string {
  return digest ? `${digest.slice(0, 'sha256:'.length + SHOWN_DIGITS)}…` : uri;
}
