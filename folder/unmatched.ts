import { walk } from './walk';

/** Files that are tried: of a million, some thousand tell enough. */
const MOST_TRIED = 10_000;

/**
 * The paths of the first files of a folder, below it, if none of them is what is looked for.
 * Undefined when one is, and for a folder without files.
 */
export async function unmatched(
  folder: string,
  isMatch: (relativePath: string) => boolean,
): Promise<readonly string[] | undefined> {
  const tried: string[] = [];
  for await (const found of walk(folder)) {
    if (found.kind === 'skipped') continue;
    if (isMatch(found.relativePath)) return undefined;
    tried.push(found.relativePath);
    if (tried.length === MOST_TRIED) break;
  }
  return tried.length === 0 ? undefined : tried;
}
