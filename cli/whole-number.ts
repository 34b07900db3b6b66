import { InvalidArgumentError } from 'commander';

/**
 * Reads a whole number of an option. @throws InvalidArgumentError, when it is called, for anything
 * else.
 */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
  };
}
