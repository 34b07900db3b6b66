import { DELIVERY_PARAMETERS } from '../contract/delivery';
import { TASK_DEFINITION_PARAMETER } from '../contract/parameters';
import { revisionNumber } from './active-revisions';
import type { Prepared } from './prepare';
import { recordRecipe } from './record-recipe';
import { orWarn, type Surroundings } from './surroundings';

export type Promotion =
  | { readonly kind: 'promoted' }
  /** The world went on meanwhile: once more, from what it is now. */
  | { readonly kind: 'again'; readonly because: string; readonly isPromoted: boolean };

type Around = Pick<Surroundings, 'parameters' | 'images' | 'say'>;

/**
 * Makes the candidate what the scaler launches. Parameter Store has no conditional write, but every
 * write says its version; so this looks before it, and again after it:
 *
 * - a `target` that changed means that a deploy of the stacks came between: start over with its
 *   template and the same image;
 * - a version that somebody else made means that he promoted in between: an image that was only the
 *   current one may be so no longer, so start over with what is (`currentImage` finds his under our
 *   write). A build's image stays: it is the newer one.
 *
 * Whoever writes last looks last, so that the newest template and the newest image meet in the end.
 */
export async function promote(around: Around, prepared: Prepared): Promise<Promotion> {
  const { parameters, images } = around;
  const { target, image, candidate, current } = prepared;
  const name = `${target.parameterPath}${TASK_DEFINITION_PARAMETER}`;

  // Before the look, so that nothing lies between it and the write.
  if (image.digest) await images.tag(target.repository, image.digest, promotedTag(prepared));
  if (await hasNewTarget(around, prepared)) return again(NEW_TARGET, false);
  const before = await parameters.read(name);
  if (!prepared.isNewImage && before.version !== prepared.promoted.version)
    return again(NEW_IMAGE, false);

  const version = await parameters.write(name, candidate.name);
  await orWarn(around, `${target.pipeline}: recording the recipe`, () =>
    recordRecipe(parameters, target.parameterPath, { promoted: candidate, before: current }),
  );
  if (!prepared.isNewImage && version !== before.version + 1) return again(NEW_IMAGE, true);
  return (await hasNewTarget(around, prepared)) ? again(NEW_TARGET, true) : { kind: 'promoted' };
}

function again(because: string, isPromoted: boolean): Promotion {
  return { kind: 'again', because, isPromoted };
}

const NEW_TARGET = 'a deploy of the stacks changed the template meanwhile';
const NEW_IMAGE = 'another image was promoted meanwhile';

async function hasNewTarget(
  { parameters }: Around,
  { deliveryPath, targetVersion }: Prepared,
): Promise<boolean> {
  const { version } = await parameters.read(`${deliveryPath}${DELIVERY_PARAMETERS.target}`);
  return version !== targetVersion;
}

/** The repository's lifecycle keeps images with such a tag. */
function promotedTag({ target, candidate }: Prepared): string {
  return `promoted.${target.pipeline}.${revisionNumber(candidate.name)}`;
}
