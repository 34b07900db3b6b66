/**
 * Name of a sample in its tar, for the path of its source below the source prefix. Its files are
 * `<sample key>.<extension>`: readers of WebDataset take all names up to the first dot of the last
 * segment as one sample, and leave out names that begin with a dot or `__`:
 * https://github.com/webdataset/webdataset/blob/main/src/webdataset/tariterators.py
 *
 * So dots of the last segment, leading dots and leading `__` are escaped as in URLs; so are control
 * characters, which tar and line-based tools cannot hold, and `%` itself. The key decodes to the
 * path: no two sources share one.
 */
export function sampleKeyOf(path: string): string {
  // A name that ends in a slash would be a folder.
  const [, name = '', slashes = ''] = /^(.*?)(\/*)$/s.exec(path) ?? [];
  const segments = name.split('/').map(escapedSegment);
  const last = segments.pop() ?? '';
  return [...segments, `${last.replaceAll('.', escaped)}${slashes.replaceAll('/', escaped)}`].join(
    '/',
  );
}

/** The path that a sample key was made of. */
export function pathOfSample(sampleKey: string): string {
  return sampleKey.replace(/%([0-9A-F]{2})/g, (_escape, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

function escapedSegment(segment: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return segment.replace(/[%\x00-\x1f\x7f]/g, escaped).replace(/^\.|^_(?=_)/, escaped);
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
