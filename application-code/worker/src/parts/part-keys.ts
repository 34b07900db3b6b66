import { PARTS_FOLDER } from './dataset-places';

/** The two objects of a part. The part is there when its index is. */
export interface PartKeys {
  readonly tar: string;
  readonly index: string;
}

/** Where a part lies below the destination prefix. */
export interface PartPlace {
  /** Of the recipe that its samples were made by: 12 hexadecimal digits. */
  readonly recipeHash: string;
  readonly part: string;
}

/** Keys of a part. */
export function partKeys(destinationPrefix: string, { recipeHash, part }: PartPlace): PartKeys {
  const key = `${partsFolder(destinationPrefix)}${recipeHash}/${part}`;
  return { tar: `${key}.tar`, index: `${key}.jsonl` };
}

/** Where the keys of all parts begin. */
export function partsFolder(destinationPrefix: string): string {
  return `${destinationPrefix}${PARTS_FOLDER}`;
}

/** What the key of an object says of its part; undefined where it is no part's. */
export function parsePartKey(
  destinationPrefix: string,
  key: string,
): (PartPlace & { readonly kind: 'tar' | 'index' }) | undefined {
  const folder = partsFolder(destinationPrefix);
  if (!key.startsWith(folder)) return undefined;
  const path = key.slice(folder.length);
  const [, recipeHash, part, ending] =
    /^([0-9a-f]{12})\/(\d{8}T\d{6}-[A-Za-z0-9]+-\d+)\.(tar|jsonl)$/.exec(path) ?? [];
  if (recipeHash === undefined || part === undefined) return undefined;
  return { recipeHash, part, kind: ending === 'tar' ? 'tar' : 'index' };
}

/** What makes the name of a part unique, also among the tasks that began it in one second. */
export interface PartOrigin {
  readonly openedAt: Date;
  /** Letters and digits, as of an ECS task's id. */
  readonly worker: string;
  /** 1 for the worker's first part. */
  readonly number: number;
}

/** `20261129T010203-<worker>-1`, in UTC; names sort by time. */
export function partName({ openedAt, worker, number }: PartOrigin): string {
  const time = openedAt.toISOString().replace(/[-:]|\.\d+Z$/g, '');
  return `${time}-${worker}-${number}`;
}
