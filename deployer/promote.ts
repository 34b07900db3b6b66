import { DELIVERY_PARAMETERS } from '../pipeline/delivery';
import { TASK_DEFINITION_PARAMETER } from '../pipeline/parameters';
import { revisionNumber } from './active-revisions';
import { imageOfRevision } from './candidate';
import type { Course, Prepared } from './prepare';
import type { Surroundings } from './surroundings';

export type Promotion =
  | { readonly kind: 'promoted' }
  /** The world went on meanwhile: once more, from what it is now. */
  | {
      readonly kind: 'again';
      readonly because: string;
      readonly course: Course;
      readonly isPromoted: boolean;
    };

type Around = Pick<Surroundings, 'parameters' | 'images' | 'taskDefinitions'>;

/**
 * Makes the candidate what the scaler launches. Parameter Store has no conditional write, but every write says its version; so this
 * looks before it, and again after it:
 *
 * - a `target` that changed means that a deploy of the stacks came between: start over with its template and the same image;
 * - a version that somebody else made means that he promoted in between: an image that was only the current one is no longer, so
 *   start over with his. A build's image stays: it is the newer one.
 *
 * Whoever writes last looks last, so that the newest template and the newest image meet in the end.
 */
export async function promote(around: Around, prepared: Prepared): Promise<Promotion> {
  const { parameters, images } = around;
  const { target, image, candidate, course } = prepared;
  const name = `${target.parameterPath}${TASK_DEFINITION_PARAMETER}`;
  const again = (because: string, isPromoted: boolean, carried?: Course['carried']): Promotion => {
    const next = { deliveryPath: course.deliveryPath, ...(carried && { carried }) };
    return { kind: 'again', because, isPromoted, course: next };
  };

  // Before the look, so that nothing lies between it and the write.
  if (image.digest) await images.tag(target.repository, image.digest, promotedTag(prepared));
  if (await hasNewTarget(around, prepared)) return again(NEW_TARGET, false, course.carried);
  const before = await parameters.read(name);
  const isOvertaken = !prepared.isNewImage && before.version !== prepared.promoted.version;
  if (isOvertaken) return again(NEW_IMAGE, false);

  const version = await parameters.write(name, candidate.name);

  const isTorn = !prepared.isNewImage && version !== before.version + 1;
  if (isTorn) return again(NEW_IMAGE, true, await overwritten(around, prepared, version));
  return (await hasNewTarget(around, prepared)) ? again(NEW_TARGET, true) : { kind: 'promoted' };
}

const NEW_TARGET = 'a deploy of the stacks changed the template meanwhile';
const NEW_IMAGE = 'another image was promoted meanwhile';

async function hasNewTarget({ parameters }: Around, { course, targetVersion }: Prepared): Promise<boolean> {
  const { version } = await parameters.read(`${course.deliveryPath}${DELIVERY_PARAMETERS.target}`);
  return version !== targetVersion;
}

/** The image of the promotion right before ours, which ours took the place of. */
async function overwritten({ parameters, taskDefinitions }: Around, { target }: Prepared, since: number) {
  const name = `${target.parameterPath}${TASK_DEFINITION_PARAMETER}`;
  const revision = await taskDefinitions.describe(await parameters.readVersion(name, since - 1));
  return revision && { image: imageOfRevision(target, revision), since };
}

/** The repository's lifecycle keeps images with such a tag. */
function promotedTag({ target, candidate }: Prepared): string {
  return `promoted.${target.pipeline}.${revisionNumber(candidate.name)}`;
}
