import type { Arrivals } from './scenario';

/** Arrivals that cannot be simulated. The message is a whole sentence. */
export class ArrivalsError extends Error {
  override readonly name = 'ArrivalsError';
}

const DAY = 86_400;
/** Longer questions are asked in parts. */
const MOST_DAYS = 100;
const QUARTERS_OF_DAY = 96;
const SECONDS = { s: 1, min: 60, h: 3_600, d: DAY } as const;
const COLUMNS = ['time', 'count'] as const;

/**
 * All objects of a pattern: `burst`, `diurnal` (a day, with nothing at midnight and most at noon),
 * or a rate such as `200/s`; undefined for another text.
 * @throws ArrivalsError when it would take too long.
 */
export function arrivalsOf(pattern: string, objects: number): readonly Arrivals[] | undefined {
  if (pattern === 'burst') return [{ from: 0, to: 0, objects }];
  if (pattern === 'diurnal') return day(objects);
  const [, count, unit] = /^(\d{1,9}(?:\.\d{1,6})?)\/(s|min|h|d)$/.exec(pattern) ?? [];
  if (count === undefined || Number(count) === 0) return undefined;
  const perSecond = Number(count) / SECONDS[unit as keyof typeof SECONDS];
  return checkLength([{ from: 0, to: objects / perSecond, objects }]);
}

/** In quarters of an hour, each of whole objects, that add up. */
function day(objects: number): readonly Arrivals[] {
  const until = (quarter: number) => {
    const part = quarter / QUARTERS_OF_DAY;
    return Math.round(objects * (part - Math.sin(2 * Math.PI * part) / (2 * Math.PI)));
  };
  const length = DAY / QUARTERS_OF_DAY;
  return Array.from({ length: QUARTERS_OF_DAY }, (_, quarter) => ({
    from: quarter * length,
    to: (quarter + 1) * length,
    objects: until(quarter + 1) - until(quarter),
  }));
}

/**
 * Arrivals of a table with the columns `time` (seconds, or ISO times) and `count`. Objects of a row
 * arrive evenly until the time of the next one; those of the last row take as long as those of the
 * row before it.
 * @throws ArrivalsError that names the line.
 */
export function arrivalsOfTable(text: string): readonly Arrivals[] {
  const [header = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const columns = header.split(',').map((one) => one.trim());
  const isRight = columns.length === 2 && COLUMNS.every((one) => columns.includes(one));
  if (!isRight)
    throw new ArrivalsError(
      `line 1 must name the columns time and count, but ${header.slice(0, 60) || 'nothing'} was ` +
        'found: remove other columns, and write `time,count` above the numbers.',
    );
  const rows = lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [rowOf(line, index + 2, columns)],
  );
  if (rows.length === 0)
    throw new ArrivalsError('there is no row below the header: write one such as `0,1000`.');
  return checkLength(rows.map((row, index) => stretch(row, rows[index - 1], rows[index + 1])));
}

interface Row {
  readonly line: number;
  readonly time: number;
  readonly count: number;
  readonly shown: string;
}

function rowOf(line: string, number: number, columns: readonly string[]): Row {
  const cells = line.split(',').map((one) => one.trim());
  const of = (name: (typeof COLUMNS)[number]) => cells[columns.indexOf(name)] ?? '';
  const time = secondsOf(of('time'));
  const count = /^\d{1,10}$/.test(of('count')) ? Number(of('count')) : undefined;
  if (cells.length !== 2 || time === undefined || count === undefined)
    throw new ArrivalsError(
      `line ${number} must hold a time (seconds, or such as 2026-03-01T12:00:00Z) and a whole ` +
        `number of objects, but ${line.slice(0, 60)} was found.`,
    );
  return { line: number, time, count, shown: of('time') };
}

/** A time without a zone would be another one on another machine. */
function secondsOf(text: string): number | undefined {
  if (/^\d{1,10}(\.\d+)?$/.test(text)) return Number(text);
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const milliseconds = isTime ? Date.parse(text) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1_000;
}

function stretch(row: Row, before: Row | undefined, after: Row | undefined): Arrivals {
  const { time, count, line, shown } = row;
  if (before && time <= before.time)
    throw new ArrivalsError(
      `line ${line} goes back in time: ${shown} is not after ${before.shown}. Sort the rows by ` +
        'time, and add up those of one time.',
    );
  const length = after ? after.time - time : time - (before?.time ?? time);
  return { from: time, to: time + Math.max(0, length), objects: count };
}

/** From 0 on. */
function checkLength(arrivals: readonly Arrivals[]): readonly Arrivals[] {
  const start = arrivals[0]?.from ?? 0;
  const days = ((arrivals.at(-1)?.to ?? 0) - start) / DAY;
  if (days > MOST_DAYS)
    throw new ArrivalsError(
      `the objects would arrive over ${Math.ceil(days)} days, but at most ${MOST_DAYS} are ` +
        'simulated: ask for fewer objects, or a higher rate.',
    );
  return arrivals.map(({ from, to, objects }) => ({ from: from - start, to: to - start, objects }));
}
