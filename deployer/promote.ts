import { DELIVERY_PARAMETERS } from '../contract/delivery';
import { TASK_DEFINITION_PARAMETER } from '../contract/parameters';
import type { DeployPorts } from './ports';
import type { PreparedCandidate } from './prepare';
import { recordRecipe } from './record-recipe';
import { orWarn } from './report';
import { revisionNumber } from './revisions/revisions';

export type Promotion =
  | { readonly kind: 'promoted' }
  /** Template or image changed meanwhile: start over with the new ones. */
  | { readonly kind: 'again'; readonly because: string; readonly isPromoted: boolean };

type RevisionPorts = Pick<DeployPorts, 'parameters' | 'images' | 'say'>;

/**
 * Makes the candidate the revision that the scaler launches. Parameter Store has no conditional
 * write, but every write returns its version. So this reads before the write, and again after it:
 *
 * - If `target` changed, a deploy of the stacks came between: start over with its template and the
 *   same image.
 * - If the version is not the next one, another deployer promoted in between. A current image may
 *   no longer be current: start over (`currentImage` finds the other one below our write). The
 *   image of a build stays, because it is the newer one.
 *
 * The last writer also reads last, so that the newest template and the newest image meet in the
 * end.
 */
export async function promote(
  ports: RevisionPorts,
  prepared: PreparedCandidate,
): Promise<Promotion> {
  const { parameters, images } = ports;
  const { target, image, candidate, current } = prepared;
  const name = `${target.parameterPath}${TASK_DEFINITION_PARAMETER}`;

  // Before the look, so that nothing lies between it and the write.
  if (image.digest) await images.tag(target.repository, image.digest, promotedTag(prepared));
  if (await hasNewTarget(ports, prepared)) return again(NEW_TARGET, false);
  const before = await parameters.read(name);
  if (!prepared.isNewImage && before.version !== prepared.promoted.version)
    return again(NEW_IMAGE, false);

  const version = await parameters.write(name, candidate.name);
  await orWarn(ports, `${target.pipeline}: recording the recipe`, () =>
    recordRecipe(parameters, target.parameterPath, { promoted: candidate, before: current }),
  );
  if (!prepared.isNewImage && version !== before.version + 1) return again(NEW_IMAGE, true);
  return (await hasNewTarget(ports, prepared)) ? again(NEW_TARGET, true) : { kind: 'promoted' };
}

function again(because: string, isPromoted: boolean): Promotion {
  return { kind: 'again', because, isPromoted };
}

const NEW_TARGET = 'a deploy of the stacks changed the template meanwhile';
const NEW_IMAGE = 'another image was promoted meanwhile';

async function hasNewTarget(
  { parameters }: RevisionPorts,
  { deliveryPath, targetVersion }: PreparedCandidate,
): Promise<boolean> {
  const { version } = await parameters.read(`${deliveryPath}${DELIVERY_PARAMETERS.target}`);
  return version !== targetVersion;
}

/** The repository's lifecycle keeps images with such a tag. */
function promotedTag({ target, candidate }: PreparedCandidate): string {
  return `promoted.${target.pipeline}.${revisionNumber(candidate.name)}`;
}
