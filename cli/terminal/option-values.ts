import { InvalidArgumentError } from 'commander';

const MILLISECONDS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Milliseconds of a duration such as `90s`, `15m`, `2h` or `3d`.
 * @throws InvalidArgumentError for anything else.
 */
export function durationOf(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count === undefined || unit === undefined)
    throw new InvalidArgumentError('It must be a duration such as 90s, 15m, 2h or 3d.');
  return Number(count) * MILLISECONDS[unit as keyof typeof MILLISECONDS];
}

/** A duration in the form in which it was given: `2h`, `90s`. */
export function durationInWords(milliseconds: number): string {
  const [unit, length] = Object.entries(MILLISECONDS)
    .reverse()
    .find(([, one]) => milliseconds >= one && milliseconds % one === 0) ?? ['s', 1_000];
  return `${milliseconds / length}${unit}`;
}

/** @returns a reader of whole numbers, which throws InvalidArgumentError for anything else. */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
  };
}

/** @returns a reader of numbers such as 0.5, which throws InvalidArgumentError for the others. */
export function decimalNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidArgumentError(`It must be a number from ${from} to ${to}.`);
  };
}
