import * as z from 'zod/mini';

/** What an index says of every source that it knows, sample or not. */
const source = {
  /** Key of the source object, decoded. */
  key: z.string(),
  /** Of the source version that was read, in quotes, as S3 says it. */
  eTag: z.string(),
  /** Of that version, in ISO 8601, where S3 says it. */
  lastModified: z.optional(z.string()),
  /** Of the event, in ISO 8601, where it has one. */
  eventTime: z.optional(z.string()),
  /** Of the event, where it has one: hexadecimal digits that grow with each write of the key. */
  sequencer: z.optional(z.string()),
  /** When the worker read the source, in ISO 8601. */
  readAt: z.string(),
  sourceBytes: z.number(),
};

const blocks = z.number().check(z.multipleOf(512), z.nonnegative());

const sampleFile = z.object({
  /** As in the tar: `jpg`, `224x224.jpg` or `json`. */
  extension: z.string(),
  bytes: z.number(),
  /** Of its content, in hexadecimal digits. */
  sha256: z.string(),
});

const sampleRow = z.object({
  ...source,
  /** Its name in the tar, without an extension. */
  sample: z.string(),
  /** Where its records begin in the tar. */
  offset: blocks,
  /** Bytes of all its records: headers, contents and paddings. */
  length: blocks,
  files: z.readonly(z.array(sampleFile)),
  label: z.optional(z.string()),
  /** What the workload says of the sample, such as `width`, `height` and `dhash`. */
  columns: z.optional(z.readonly(z.record(z.string(), z.union([z.string(), z.number()])))),
});

const leftOutRow = z.object({
  ...source,
  /** The output that its filter keeps from being made, and why. */
  leftOut: z.readonly(z.object({ output: z.string(), because: z.string() })),
});

const partHeader = z.object({
  spillway: z.literal('part'),
  version: z.literal(1),
  recipeHash: z.string(),
  /** As the pipeline's configuration says it. */
  recipe: z.unknown(),
  workload: z.string(),
  /** Of the tar. */
  bytes: z.number(),
  /** Of the tar, in hexadecimal digits. */
  sha256: z.string(),
  samples: z.number(),
  leftOut: z.number(),
});

/** A file of a sample. */
export type SampleFile = Readonly<z.infer<typeof sampleFile>>;
/** One source object whose outputs are in the tar. */
export type SampleRow = Readonly<z.infer<typeof sampleRow>>;
/** One source object that a filter of the recipe left out: the tar has nothing of it. */
export type LeftOutRow = Readonly<z.infer<typeof leftOutRow>>;
/** The first line of an index. */
export type PartHeader = Readonly<z.infer<typeof partHeader>>;

/** What a part is made of. */
export interface PartIndex {
  readonly header: PartHeader;
  /** In the order of the tar. */
  readonly samples: readonly SampleRow[];
  readonly leftOut: readonly LeftOutRow[];
}

/** The text is not the index of a part; the message has the line. */
export class PartIndexError extends Error {
  override readonly name = 'PartIndexError';
}

/** The index as JSON lines: the header, then a line for each source. */
export function partIndexText({ header, samples, leftOut }: PartIndex): string {
  return [header, ...samples, ...leftOut].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/**
 * Reads an index.
 * @throws PartIndexError when lines are missing or wrong.
 */
export function parsePartIndex(text: string): PartIndex {
  const [first = '', ...lines] = text.split('\n');
  const header = parsePartHeader(first);
  const samples: SampleRow[] = [];
  const leftOut: LeftOutRow[] = [];
  lines.forEach((line, at) => {
    if (line === '') return;
    const row = jsonOf(line, at + 2);
    if (isLeftOut(row)) leftOut.push(parsed(leftOutRow, row, at + 2));
    else samples.push(parsed(sampleRow, row, at + 2));
  });
  if (samples.length === header.samples && leftOut.length === header.leftOut)
    return { header, samples, leftOut };
  throw new PartIndexError(
    `Expected ${header.samples} samples and ${header.leftOut} sources that were left out, as ` +
      `the first line says, but found ${samples.length} and ${leftOut.length}: the index is cut ` +
      'short or was altered.',
  );
}

/**
 * Reads the first line of an index.
 * @throws PartIndexError when it is wrong.
 */
export function parsePartHeader(line: string): PartHeader {
  return parsed(partHeader, jsonOf(line, 1), 1);
}

function isLeftOut(row: unknown): boolean {
  return typeof row === 'object' && row !== null && 'leftOut' in row;
}

function jsonOf(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    const start = JSON.stringify(line.slice(0, 80));
    throw new PartIndexError(`Expected line ${number} to be a JSON object but received ${start}.`);
  }
}

function parsed<Of extends z.ZodMiniType>(schema: Of, value: unknown, number: number): z.infer<Of> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.join('.') || 'the object';
  throw new PartIndexError(`In line ${number}, ${place} is wrong: ${issue?.message}.`);
}
