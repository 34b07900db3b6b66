import { given } from '../../text/setting';
import { PermanentFault } from '../worker/src/faults';

/** The part of a base name that a pattern keeps: all of it, or what stands before the suffix. */
type Kept = 'name' | 'stem';

/** `poster/{stem}.jpg`, taken apart. */
export interface OutputPattern {
  readonly text: string;
  /** `poster/`: where its keys begin; empty or ending in a slash. */
  readonly folder: string;
  readonly before: string;
  readonly kept: Kept;
  readonly after: string;
}

const PATTERN = /^((?:[A-Za-z0-9._-]+\/)*)([A-Za-z0-9._-]*)\{(name|stem)\}([A-Za-z0-9._-]*)$/;
const EXAMPLES = "'{name}', '{stem}.txt' or 'posters/{stem}.jpg'";

/** Reads a pattern; a text says what is wrong with it. */
export function parsePattern(pattern: unknown): OutputPattern | string {
  const [text, folder = '', before = '', kept, after = ''] =
    (typeof pattern === 'string' && PATTERN.exec(pattern)) || [];
  const hasDots = folder.split('/').some((segment) => /^\.+$/.test(segment));
  if (text === undefined || hasDots) {
    return (
      `must be like ${EXAMPLES}: folders, then a file name with one {name} or {stem} and ` +
      `otherwise letters, digits, '.', '_' and '-', but ${given(pattern)} was given`
    );
  }
  return { text, folder, before, kept: kept as Kept, after };
}

/** Name of the output's plan: the pattern without what a name cannot have. */
export function planName({ text }: OutputPattern): string {
  return text.replace(/[{}]/g, '').replaceAll('/', '-');
}

/**
 * Key below the folder, for the path of a source. Nothing but the suffix is ever left out of a
 * path, and it is the same for all sources, so that no two of them share a key.
 */
export function keyOf(
  pattern: OutputPattern,
  suffixes: readonly string[],
  sourcePath: string,
): string {
  const slash = sourcePath.lastIndexOf('/') + 1;
  const base = sourcePath.slice(slash);
  return `${sourcePath.slice(0, slash)}${fileName(pattern, base, suffixOf(base, suffixes))}`;
}

/** Its file below `output/`, where the source's base name is `base`. */
export function fileOf(pattern: OutputPattern, base: string, suffix: string): string {
  return `${pattern.folder}${fileName(pattern, base, suffix)}`;
}

function fileName({ before, kept, after }: OutputPattern, base: string, suffix: string): string {
  const core = kept === 'name' ? base : base.slice(0, base.length - suffix.length);
  return `${before}${core}${after}`;
}

/**
 * The suffix with which a key ends; empty where any key is taken.
 * @throws PermanentFault `UnexpectedSource` for a key that ends otherwise.
 */
export function suffixOf(key: string, suffixes: readonly string[]): string {
  const found = suffixes.find((suffix) => key.endsWith(suffix));
  if (found !== undefined || suffixes.length === 0) return found ?? '';
  throw new PermanentFault(
    'UnexpectedSource',
    `Expected a key that ends in ${suffixes.join(' or ')} but received ${key}; name the suffix ` +
      'in the workload, or in the suffixes of the pipeline to leave such objects out.',
  );
}

/** Two patterns by which two sources could share a key, and why; none when that cannot be. */
export function collisions(
  patterns: readonly OutputPattern[],
  suffixes: readonly string[],
): readonly string[] {
  return patterns.flatMap((one, at) =>
    patterns
      .slice(at + 1)
      .filter((other) => canCollide(one, other, suffixes))
      .map(
        (other) =>
          `${given(one.text)} and ${given(other.text)} could write one key: give them endings ` +
          'of which none ends in the other, or folders of which none lies in the other',
      ),
  );
}

/**
 * The folders of source keys are kept, so a key in the folder `a/` of one output may stand for a
 * source in `a/` of another output, unless neither folder begins the other. Between its fixed ends
 * a base name may hold anything, so two are the same for some sources when both ends agree.
 */
function canCollide(one: OutputPattern, other: OutputPattern, suffixes: readonly string[]) {
  return (
    agree(one.folder, other.folder, 'startsWith') &&
    agree(one.before, other.before, 'startsWith') &&
    endings(one, suffixes).some((ending) =>
      endings(other, suffixes).some((another) => agree(ending, another, 'endsWith')),
    )
  );
}

function agree(one: string, other: string, by: 'startsWith' | 'endsWith'): boolean {
  return one[by](other) || other[by](one);
}

function endings({ kept, after }: OutputPattern, suffixes: readonly string[]): readonly string[] {
  return kept === 'stem' || suffixes.length === 0
    ? [after]
    : suffixes.map((suffix) => `${suffix}${after}`);
}
