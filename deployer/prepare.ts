import type { DeliveryTarget } from '../contract/delivery';
import { TASK_DEFINITION_PARAMETER } from '../contract/parameters';
import type { Environment } from './environment';
import type { DeployPorts, ParameterValue, Revision } from './ports';
import { recordRecipe } from './record-recipe';
import { orWarn, writeOutcome } from './report';
import { candidateOf, imageOfDigest, makeSameTasks, type WorkerImage } from './revisions/candidate';
import { currentImage, promotedRevision } from './revisions/current-image';
import { readTarget } from './target';

/** What was read and made before the canary. */
export interface PreparedCandidate {
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

export type Preparation = PreparedCandidate | 'nothing-to-do';

type Request = Pick<Environment, 'digests' | 'commit'>;

/**
 * Registers the candidate of one pipeline, or prints that there is nothing to do. There is also
 * nothing to do when template and promoted revision differ in their number alone.
 */
export async function prepare(
  ports: DeployPorts,
  request: Request,
  deliveryPath: string,
): Promise<Preparation> {
  const { parameters, taskDefinitions, say } = ports;
  const { target, version: targetVersion } = await readTarget(parameters, deliveryPath);
  const promoted = await parameters.read(`${target.parameterPath}${TASK_DEFINITION_PARAMETER}`);
  const digest = request.digests[target.architecture]?.[target.workload];
  const isNewImage = digest !== undefined;
  const image = isNewImage
    ? imageOfDigest(target, digest, request.commit)
    : await currentImage(ports, target, promoted);
  if (!image) {
    say(
      `${target.pipeline}: no image of the workload ${target.workload} yet; the first one ` +
        'comes with its first build',
    );
    return 'nothing-to-do';
  }
  const template = await templateOf(ports, target);
  const seen = isNewImage ? undefined : promoted;
  const { definition, tags } = candidateOf(template, target, image, seen);
  const current = await promotedRevision(ports, target, promoted);
  // A deregistered revision can start no task, even when its definition is the same.
  if (current?.isActive && makeSameTasks(definition, current.definition)) {
    await reportUnchanged(ports, deliveryPath, target, current);
    return 'nothing-to-do';
  }
  await checkImage(ports, target, image);
  say(`${target.pipeline}: template ${template.name}, image ${shown(image)}`);
  const candidate = await taskDefinitions.register(definition, tags);
  const read = { deliveryPath, target, targetVersion, promoted, ...(current && { current }) };
  return { ...read, image, isNewImage, candidate };
}

async function reportUnchanged(
  ports: DeployPorts,
  deliveryPath: string,
  { pipeline, parameterPath }: DeliveryTarget,
  current: Revision,
): Promise<void> {
  ports.say(`${pipeline}: nothing to do, ${current.name} is promoted and differs in nothing`);
  await writeOutcome(ports, deliveryPath, { result: 'unchanged', revision: current.name });
  // An interrupted promotion may not have recorded it.
  await orWarn(ports, `${pipeline}: recording the recipe`, () =>
    recordRecipe(ports.parameters, parameterPath, { promoted: current }),
  );
}

async function templateOf(
  { taskDefinitions }: DeployPorts,
  target: DeliveryTarget,
): Promise<Revision> {
  const template = await taskDefinitions.describe(target.templateRevision);
  if (template) return template;
  throw new Error(
    `The template ${target.templateRevision} does not exist: deploy the stacks of this ` +
      'environment again.',
  );
}

async function checkImage(
  { images }: DeployPorts,
  { repository }: DeliveryTarget,
  { digest }: WorkerImage,
) {
  if (!digest || (await images.has(repository, digest))) return;
  throw new Error(
    `The image ${digest} is not in the ECR repository ${repository}: build it again, or take ` +
      'the digest of one that is there.',
  );
}

const SHOWN_DIGITS = 12;

function shown({ uri, digest }: WorkerImage): string {
  return digest ? `${digest.slice(0, 'sha256:'.length + SHOWN_DIGITS)}…` : uri;
}
