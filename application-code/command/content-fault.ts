import { fileTypeFromBuffer, supportedMimeTypes } from 'file-type/core';

/** Types of which nothing in the content must tell: texts, also those for programs. */
const IS_TEXT = /^text\/|[/+](xml|json|postscript|rtf)$/;
/** One container has many names: `audio/mp4` for `audio/x-m4a`. */
const IS_FILM_OR_SOUND = /^(audio|video)\//;

/**
 * What is wrong with a content by its first bytes; undefined when it is of its type, or when its
 * type cannot be told from bytes.
 * @param name ends in the extension of the type.
 * @param type of the content, by its name.
 */
export async function contentFault(
  name: string,
  type: string,
  body: Buffer,
): Promise<string | undefined> {
  if (IS_TEXT.test(type) || !supportedMimeTypes.has(type)) return undefined;
  const found = await fileTypeFromBuffer(body);
  if (found && isSame(found, name, type)) return undefined;
  return `must hold ${type}, but ${found ? found.mime : 'something else'} was found`;
}

function isSame(found: { ext: string; mime: string }, name: string, type: string): boolean {
  return (
    found.mime === type ||
    name.toLowerCase().endsWith(`.${found.ext}`) ||
    (IS_FILM_OR_SOUND.test(found.mime) && IS_FILM_OR_SOUND.test(type))
  );
}
