import { createHash } from 'node:crypto';

/** Bytes that most file systems allow in one part of a path. */
const MAX_PART_BYTES = 255;

/** Where an output goes below `out/`. */
export interface OutPath {
  /** Parts of the path, none of them empty, `.`, `..` or longer than 255 bytes. */
  readonly parts: readonly string[];
  /** Why the path differs from the key, for the user; absent where both are the same. */
  readonly renamed?: string;
}

/**
 * Maps each output key to a path of its own. Keys can hold anything; a path stays inside the
 * folder, fits the file system and differs from all others, even where `A.jpg` and `a.jpg` are one
 * file.
 */
export class OutPaths {
  private readonly given = new Map<string, OutPath>();
  private readonly files = new Set<string>();
  private readonly folders = new Set<string>();

  /**
   * @param caseSensitive whether `A` and `a` are two files.
   * @param reserved names at the top of the folder that are taken.
   */
  constructor(
    private readonly caseSensitive: boolean,
    reserved: readonly string[] = [],
  ) {
    for (const name of reserved) this.files.add(this.folded([name]));
  }

  /**
   * @param key an output's key below the destination prefix; the same key always has the same
   * path.
   */
  pathOf(key: string): OutPath {
    const known = this.given.get(key);
    if (known !== undefined) return known;
    const path = this.claim(key);
    this.given.set(key, path);
    return path;
  }

  private claim(key: string): OutPath {
    const wanted = key.split('/');
    const parts: string[] = [];
    const reasons = new Set<string>();
    wanted.forEach((part, depth) => {
      const isFile = depth === wanted.length - 1;
      const legal = legalPart(part);
      if (legal !== part)
        reasons.add(Buffer.byteLength(part) > MAX_PART_BYTES ? 'too long' : 'not a file name');
      const free = this.firstFree(parts, legal, wanted.slice(0, depth + 1).join('/'), isFile);
      if (free !== legal) reasons.add('taken by another name');
      parts.push(free);
      (isFile ? this.files : this.folders).add(this.folded(parts));
    });
    return reasons.size === 0 ? { parts } : { parts, renamed: [...reasons].join(', ') };
  }

  private firstFree(
    parents: readonly string[],
    part: string,
    whole: string,
    isFile: boolean,
  ): string {
    let candidate = part;
    for (let attempt = 0; !this.isFree([...parents, candidate], isFile); attempt++)
      candidate = shortened(part, `${whole}${isFile ? '' : '/'}${attempt}`);
    return candidate;
  }

  private isFree(parts: readonly string[], isFile: boolean): boolean {
    const folded = this.folded(parts);
    return !this.files.has(folded) && !(isFile && this.folders.has(folded));
  }

  private folded(parts: readonly string[]): string {
    const path = parts.join('/');
    return this.caseSensitive
      ? path
      : path.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC');
  }
}

function legalPart(part: string): string {
  const safe =
    part === '' || part === '.' || part === '..'
      ? `%${Buffer.from(part || '/')
          .toString('hex')
          .match(/../g)
          ?.join('%')}`
      : part.replaceAll('\0', '%00');
  return Buffer.byteLength(safe) > MAX_PART_BYTES ? shortened(safe, part) : safe;
}

/** Cuts a name and puts a hash of `whole` before its extension. */
function shortened(name: string, whole: string): string {
  const mark = `~${createHash('sha256').update(whole).digest('hex').slice(0, 12)}`;
  const extension = /\.[^.]{1,15}$/.exec(name)?.[0] ?? '';
  const stem = name.slice(0, name.length - extension.length);
  return cut(stem, MAX_PART_BYTES - Buffer.byteLength(mark + extension)) + mark + extension;
}

/** The longest beginning of whole characters that fits into `bytes`. */
function cut(text: string, bytes: number): string {
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > bytes) break;
    kept += character;
  }
  return kept;
}
