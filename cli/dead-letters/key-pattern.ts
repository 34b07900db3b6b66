/** A character of a pattern, or a star. */
interface Part {
  readonly takes: (character: string) => boolean;
  /** Takes as many characters as it likes, also none. */
  readonly isStar: boolean;
  /** Parts that may be left out from here. */
  readonly mayLeaveOut: readonly number[];
}

const FOLDERS = '**/';
const PARTS = /(?<=^|\/)\*\*\/|\*\*|\*|./gsu;

/**
 * Whether a key is like a pattern: `*` is anything but `/`, `**` is anything, and where a folder
 * begins also no folder at all. Every other character is itself. The key is read once, whatever the
 * stars: no pattern takes longer than its length times the key's.
 */
export function keyMatcher(pattern: string): (key: string) => boolean {
  const parts = (pattern.match(PARTS) ?? []).flatMap(partsOf);
  return (key) => {
    let places = reached(parts, [0]);
    for (const character of key) places = reached(parts, after(parts, places, character));
    return places.has(parts.length);
  };
}

function partsOf(text: string): readonly Part[] {
  if (text === FOLDERS) return [BEFORE_FOLDERS, star(() => true, [1]), itself('/')];
  if (text === '**') return [star(() => true, [1])];
  if (text === '*') return [star((character) => character !== '/', [1])];
  return [itself(text)];
}

const star = (takes: Part['takes'], mayLeaveOut: Part['mayLeaveOut']): Part => ({
  takes,
  isStar: true,
  mayLeaveOut,
});
const itself = (text: string): Part => ({
  takes: (character) => character === text,
  isStar: false,
  mayLeaveOut: [],
});

/** Takes nothing; the two parts after it are the folders. */
const BEFORE_FOLDERS = star(() => false, [1, 3]);

/** Places in the pattern where the rest of a key may go on, once a character is read. */
function after(
  parts: readonly Part[],
  places: ReadonlySet<number>,
  character: string,
): readonly number[] {
  return [...places].flatMap((place) => {
    const part = parts[place];
    return part?.takes(character) ? [part.isStar ? place : place + 1] : [];
  });
}

function reached(parts: readonly Part[], places: readonly number[]): ReadonlySet<number> {
  const all = new Set(places);
  // A set gives also what is added while it is gone through.
  for (const place of all)
    for (const more of parts[place]?.mayLeaveOut ?? []) all.add(place + more);
  return all;
}
