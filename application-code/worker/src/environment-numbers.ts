import type { Variables } from './environment';
import type { Machine } from './machine';

/** A whole number among the worker's variables. */
export interface NumberVariable {
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** Used when the variable is unset or empty; absent means what the machine gives. */
  readonly default?: number;
  /** What it decides, for the table of variables in the README. */
  readonly about: string;
}

/**
 * Ranges and defaults of the worker's numbers. Retention, visibility and receive limits are those
 * of SQS.
 */
export const NUMBERS = {
  JOB_CONCURRENCY: {
    unit: 'jobs',
    min: 0,
    max: 512,
    default: 0,
    about: 'jobs at a time; 0 means twelve per CPU',
  },
  VISIBILITY_TIMEOUT_SECONDS: {
    unit: 'seconds',
    min: 5,
    max: 43_200,
    default: 120,
    about: 'how long a message stays hidden between two heartbeats',
  },
  JOB_TIMEOUT_SECONDS: {
    unit: 'seconds',
    min: 1,
    max: 43_200,
    default: 120,
    about: 'how long one job may take',
  },
  MAX_ATTEMPTS: {
    unit: 'receives',
    min: 1,
    max: 998,
    default: 8,
    about: 'receives after which a job is given up',
  },
  IDLE_EXIT_SECONDS: {
    unit: 'seconds',
    min: 1,
    max: 3_600,
    default: 20,
    about: 'empty receives after which the task ends itself',
  },
  MAX_TASK_SECONDS: {
    unit: 'seconds',
    min: 1,
    max: 86_400,
    default: 3_600,
    about: 'age at which a task drains, so that a rollout ends',
  },
  DRAIN_DEADLINE_SECONDS: {
    unit: 'seconds',
    min: 1,
    max: 119,
    default: 100,
    about: 'time from SIGTERM to the exit; ECS kills after at most 120',
  },
  MEMORY_LIMIT_MIB: { unit: 'MiB', min: 256, max: 262_144, about: 'memory of the task' },
  MAX_SOURCE_BYTES: {
    unit: 'bytes',
    min: 1,
    max: 2 ** 31,
    default: 256 * 2 ** 20,
    about: 'size above which a source object is refused',
  },
  MAX_SOURCE_PIXELS: {
    unit: 'pixels',
    min: 1,
    max: 10_000_000_000,
    default: 100_000_000,
    about: 'pixels above which a source object is refused',
  },
} as const satisfies Readonly<Record<string, NumberVariable>>;

export type NumberName = keyof typeof NUMBERS;

/** The number, its default, or NaN for what is no whole number. */
export function readNumber(variables: Variables, name: NumberName, machine: Machine): number {
  const text = variables[name];
  const variable: NumberVariable = NUMBERS[name];
  if (!text) return variable.default ?? machine.memoryMiB;
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

/** One sentence for every number out of its range, and for every pair that does not go together. */
export function numberFaults(variables: Variables, machine: Machine): string[] {
  const number = (name: NumberName) => readNumber(variables, name, machine);
  const ranges = (Object.keys(NUMBERS) as NumberName[]).flatMap((name) => {
    const { unit, min, max } = NUMBERS[name];
    const isInRange = number(name) >= min && number(name) <= max;
    const given = variables[name] || `${number(name)} (what this machine has)`;
    return isInRange
      ? []
      : [`${name} must be between ${min} and ${max} ${unit}, but ${given} was given`];
  });
  const job = number('JOB_TIMEOUT_SECONDS');
  const visibility = number('VISIBILITY_TIMEOUT_SECONDS');
  const pairs: readonly (readonly [boolean, string])[] = [
    [
      job > visibility,
      `JOB_TIMEOUT_SECONDS must be at most VISIBILITY_TIMEOUT_SECONDS (${visibility}), but ${job} was given`,
    ],
    [
      job + visibility > MAX_HIDDEN_SECONDS,
      `JOB_TIMEOUT_SECONDS and VISIBILITY_TIMEOUT_SECONDS must together be at most ${MAX_HIDDEN_SECONDS}, for which SQS hides a message at most, but ${job} and ${visibility} were given`,
    ],
  ];
  return [...ranges, ...pairs.filter(([isWrong]) => isWrong).map(([, sentence]) => sentence)];
}

/** SQS hides a message for twelve hours from its receive at most, however often it is extended. */
export const MAX_HIDDEN_SECONDS = 43_200;
