import { DELIVERY_PARAMETERS, type DeliveryTarget } from '../contract/delivery';
import { TASK_DEFINITION_PARAMETER } from '../contract/parameters';
import { candidateOf, imageOfDigest, type WorkerImage } from './candidate';
import { currentImage, promotedRevision } from './current-image';
import type { Environment } from './environment';
import { tellOutcome } from './outcome';
import type { ParameterValue, Revision } from './ports';
import { recordRecipe } from './record-recipe';
import { makeSameTasks } from './same-tasks';
import { orWarn, type Surroundings } from './surroundings';
import { parseTarget } from './target';

/** What was read and made before the canary. */
export interface Prepared {
  readonly deliveryPath: string;
  readonly target: DeliveryTarget;
  /** Version of the parameter `target` that was read. */
  readonly targetVersion: number;
  /** The parameter `task-definition` as it was read. */
  readonly promoted: ParameterValue;
  /** The revision that it names; absent: none. */
  readonly current?: Revision;
  readonly image: WorkerImage;
  /** Whether the image is a build's; else it is the one that was current. */
  readonly isNewImage: boolean;
  readonly candidate: Revision;
}

export type Preparation = Prepared | 'nothing-to-do';

type Request = Pick<Environment, 'digests' | 'commit'>;

/**
 * Registers the candidate of one pipeline, unless there is nothing to do, which is said. A template
 * that differs from what is promoted in nothing but its number is nothing to do, too.
 */
export async function prepare(
  around: Surroundings,
  request: Request,
  deliveryPath: string,
): Promise<Preparation> {
  const { parameters, taskDefinitions, say } = around;
  const parameter = `${deliveryPath}${DELIVERY_PARAMETERS.target}`;
  const { value, version: targetVersion } = await parameters.read(parameter);
  const target = parseTarget(parameter, value);
  const promoted = await parameters.read(`${target.parameterPath}${TASK_DEFINITION_PARAMETER}`);
  const digest = request.digests[target.architecture];
  const isNewImage = digest !== undefined;
  const image = isNewImage
    ? imageOfDigest(target, digest, request.commit)
    : await currentImage(around, target, promoted);
  if (!image) {
    say(`${target.pipeline}: no image yet; the first one arrives with the first build`);
    return 'nothing-to-do';
  }
  const template = await templateOf(around, target);
  const seen = isNewImage ? undefined : promoted;
  const { definition, tags } = candidateOf(template, target, image, seen);
  const current = await promotedRevision(around, target, promoted);
  // One that is deregistered can start no task, whatever it says.
  if (current?.isActive && makeSameTasks(definition, current.definition)) {
    say(`${target.pipeline}: nothing to do, ${current.name} is promoted and differs in nothing`);
    await tellOutcome(around, deliveryPath, { result: 'unchanged', revision: current.name });
    // A promotion that was broken off may not have come to it.
    await orWarn(around, `${target.pipeline}: recording the recipe`, () =>
      recordRecipe(parameters, target.parameterPath, { promoted: current }),
    );
    return 'nothing-to-do';
  }
  await checkImage(around, target, image);
  say(`${target.pipeline}: template ${template.name}, image ${shown(image)}`);
  const candidate = await taskDefinitions.register(definition, tags);
  const read = { deliveryPath, target, targetVersion, promoted, ...(current && { current }) };
  return { ...read, image, isNewImage, candidate };
}

async function templateOf(
  { taskDefinitions }: Surroundings,
  target: DeliveryTarget,
): Promise<Revision> {
  const template = await taskDefinitions.describe(target.templateRevision);
  if (template) return template;
  throw new Error(
    `The template ${target.templateRevision} does not exist: deploy the stacks of this environment again.`,
  );
}

async function checkImage(
  { images }: Surroundings,
  { repository }: DeliveryTarget,
  { digest }: WorkerImage,
) {
  if (!digest || (await images.has(repository, digest))) return;
  throw new Error(
    `The image ${digest} is not in the ECR repository ${repository}: build it again, or take the digest of one that is there.`,
  );
}

const SHOWN_DIGITS = 12;

function shown({ uri, digest }: WorkerImage): string {
  return digest ? `${digest.slice(0, 'sha256:'.length + SHOWN_DIGITS)}…` : uri;
}
