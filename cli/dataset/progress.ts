import { pluralize } from '../../text/words';

const STEPS: Readonly<Record<string, readonly [count: string, what: string]>> = {
  'parts-read': ['parts', 'parts read'],
  'sources-listed': ['sources', 'sources listed'],
  'shards-written': ['shards', 'shards written'],
  'shards-verified': ['shards', 'shards verified'],
  'parts-removed': ['parts', 'parts removed'],
};

/** `12 of 40 shards written`; undefined for a line that is no progress. */
export function progressInWords(line: object): string | undefined {
  const { event = '', of, ...counts } = line as Readonly<Record<string, unknown>>;
  const [count, what] = STEPS[String(event)] ?? [];
  if (count === undefined || what === undefined) return undefined;
  const done = Number(counts[count]);
  return of === undefined
    ? `${pluralize(done, what.split(' ')[0] ?? '', what.split(' ')[0])} listed`
    : `${done.toLocaleString('en-US')} of ${Number(of).toLocaleString('en-US')} ${what}`;
}
