import { PermanentFault } from '../faults';
import type { OutputPlan } from '../workload/recipe';

/**
 * Longest key that S3 takes, in bytes of UTF-8:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
export const MAX_KEY_BYTES = 1024;

export interface KeyPrefixes {
  /** Empty, or ending in a slash. */
  readonly sourcePrefix: string;
  /** Empty, or ending in a slash. */
  readonly destinationPrefix: string;
}

/** Whether a text can be a source or destination prefix. */
export function isPrefix(text: string): boolean {
  return text === '' || (text.endsWith('/') && !text.startsWith('/'));
}

/**
 * Key of an output: destination prefix, the output's folder, then its path for the path below the
 * source prefix.
 * @throws PermanentFault `UnexpectedSource` for a key outside the source prefix, `KeyTooLong` for a
 *   result above {@link MAX_KEY_BYTES}.
 */
export function outputKey(
  sourceKey: string,
  plan: Pick<OutputPlan, 'name' | 'folder' | 'pathOf'>,
  { sourcePrefix, destinationPrefix }: KeyPrefixes,
): string {
  if (!sourceKey.startsWith(sourcePrefix)) {
    throw new PermanentFault(
      'UnexpectedSource',
      `Expected a key below ${sourcePrefix} but received ${sourceKey}; narrow the event filter ` +
        'to that prefix.',
    );
  }
  const path = plan.pathOf(sourceKey.slice(sourcePrefix.length));
  const key = `${destinationPrefix}${plan.folder}${path}`;
  const bytes = Buffer.byteLength(key);
  if (bytes <= MAX_KEY_BYTES) return key;
  throw new PermanentFault(
    'KeyTooLong',
    `The key of output ${plan.name} would take ${bytes} bytes, but S3 takes at most ` +
      `${MAX_KEY_BYTES}; shorten the source key, the output's name or the destination prefix.`,
  );
}
