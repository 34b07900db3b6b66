import { PermanentFault } from '../faults';

/**
 * Longest key that S3 takes, in bytes of UTF-8:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
export const MAX_KEY_BYTES = 1024;

/** What a rendition with a format of its own appends to the source's path. */
export const RENDITION_EXTENSIONS = {
  jpeg: '.jpg',
  png: '.png',
  webp: '.webp',
  avif: '.avif',
  tiff: '.tiff',
  gif: '.gif',
} as const;

/** What of a rendition shapes its key. */
export interface NamedRendition {
  readonly name: string;
  /** Present when the recipe names a format; absent when the rendition keeps the source's. */
  readonly format?: keyof typeof RENDITION_EXTENSIONS | undefined;
}

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
 * Key of a rendition: destination prefix, rendition name, then the whole path below the source
 * prefix. A named format always appends its extension, also where the path already ends in it, so
 * that no two sources share a rendition key.
 * @throws PermanentFault `UnexpectedSource` for a key outside the source prefix, `KeyTooLong` for a
 *   result above {@link MAX_KEY_BYTES}.
 */
export function renditionKey(
  sourceKey: string,
  rendition: NamedRendition,
  prefixes: KeyPrefixes,
): string {
  const { sourcePrefix, destinationPrefix } = prefixes;
  if (!sourceKey.startsWith(sourcePrefix)) {
    throw new PermanentFault(
      'UnexpectedSource',
      `Expected a key below ${sourcePrefix} but received ${sourceKey}; narrow the event filter to that prefix.`,
    );
  }
  const extension = rendition.format === undefined ? '' : RENDITION_EXTENSIONS[rendition.format];
  const key = `${destinationPrefix}${rendition.name}/${sourceKey.slice(sourcePrefix.length)}${extension}`;
  const bytes = Buffer.byteLength(key);
  if (bytes <= MAX_KEY_BYTES) return key;
  throw new PermanentFault(
    'KeyTooLong',
    `The key of rendition ${rendition.name} would take ${bytes} bytes, but S3 takes at most ${MAX_KEY_BYTES}; ` +
      'shorten the source key, the rendition name or the destination prefix.',
  );
}
