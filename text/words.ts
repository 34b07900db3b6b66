/** An error repeats at most this number of characters of a wrong value. */
const SHOWN_CHARACTERS = 60;

/** A wrong value for an error: as JSON, shortened when it is long. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > SHOWN_CHARACTERS ? `${json.slice(0, SHOWN_CHARACTERS)}…` : json;
}

/** The one of `words` that `word` probably means, or undefined when none is similar. */
export function nearestWord(word: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((candidate) => ({
      candidate,
      distance: editDistance(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((a, b) => a.distance - b.distance)[0];
  return ranked && ranked.distance <= Math.max(1, Math.floor(word.length / 3))
    ? ranked.candidate
    : undefined;
}

/** Number of insertions, deletions, replacements and swaps that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwapped ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replace, at(row, j) + 1, at(next, j - 1) + 1, swap));
    }
    [before, row] = [row, next];
  }
  return at(row, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

/** `1 letter`, `2 letters`, `12,345 letters`. */
export function pluralize(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`;
}

/**
 * A sentence about wrong usage, from the message of commander's error: what is wrong, which help
 * to read, and what was probably meant.
 */
export function usageSentence(message: string, helpCommand: string): string {
  const [what = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const meant = suggestion?.replace(/^\(|\)$/g, '');
  const help = `\`${helpCommand}\` shows how it is used.`;
  return `${what.replace(/\.$/, '')}: ${help}${meant ? ` ${meant}` : ''}`;
}
