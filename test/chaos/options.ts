import { parseArgs } from 'node:util';

export interface ChaosOptions {
  readonly seeds: number;
  /** First seed. */
  readonly from: number;
  /** Runs at a time; most of a run is waiting. */
  readonly atOnce: number;
  /** Kills a worker before and after every effect of a job instead. */
  readonly killTable: boolean;
  /** Prints the whole history of every run. */
  readonly verbose: boolean;
}

const DEFAULTS = { seeds: 200, from: 1, 'at-once': 4 } as const;

/** @throws Error that names every option when one is wrong. */
export function readOptions(args: readonly string[]): ChaosOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string' },
      from: { type: 'string' },
      'at-once': { type: 'string' },
      'kill-table': { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
    },
  });
  const number = (name: keyof typeof DEFAULTS) => {
    const text = values[name] ?? String(DEFAULTS[name]);
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    throw new Error(
      `--${name} must be a whole number from 1 to 999999999, but ${text} was given: npm ` +
        'run test:chaos -- --seeds 200 --from 1 --at-once 4',
    );
  };
  const { verbose, 'kill-table': killTable } = values;
  return {
    seeds: number('seeds'),
    from: number('from'),
    atOnce: number('at-once'),
    killTable,
    verbose,
  };
}
