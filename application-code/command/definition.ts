import { given } from '../../text/setting';
import { nearestWord } from '../../text/words';
import { collisions, type OutputPattern, parsePattern, planName } from './output-pattern';

/** What a recipe of a program is: whatever it reads from `RECIPE`. */
export type JsonObject = { readonly [name: string]: unknown };

/** What a job is, whether a program or a function does it. */
export interface JobDefinition {
  /** What the recipe says, for the documentation. */
  readonly about?: string;
  /**
   * The files that each job writes below its output folder; `{name}` stands for the source's base
   * name, `{stem}` for what stands before its suffix. `'any'`: whatever lies there. Default:
   * `['{name}']`.
   */
  readonly outputs?: readonly string[] | 'any';
  /** How source keys end; another key is a permanent fault. Default: any. */
  readonly suffixes?: readonly string[];
  /** CPUs that one job takes, 0.1 to 16; default 1. With the memory: how many a task has. */
  readonly jobCpus?: number;
  /** MiB that the processes of one job may take, 16 to 122,880; default 512. */
  readonly jobMemoryMiB?: number;
  /**
   * MiB that the folder of one job may take, its input included, 1 to 204,800; default: its share
   * of the scratch volume.
   */
  readonly jobDiskMiB?: number;
  /** Most files of one job's outputs, 1 to 100,000; default 1,000. */
  readonly maxOutputFiles?: number;
  /** Most MiB of one job's outputs, 1 to 204,800; default: what the folder may take. */
  readonly maxOutputMiB?: number;
  /** What becomes of a job when its task is interrupted; default `finish`. */
  readonly onInterruption?: 'finish' | 'stop';
  /** The recipe when a pipeline has none; default `{}`. */
  readonly default?: JsonObject;
  /**
   * Checks a recipe, and may complete it; default: any JSON object.
   * @throws RecipeError with every fault at once.
   */
  readonly parse?: (recipe: JsonObject) => JsonObject;
}

export interface CommandDefinition extends JobDefinition {
  /**
   * The program and its arguments; never a shell. A word that begins with `./` is a file of the
   * workload's folder; another first word is looked up in PATH.
   */
  readonly argv: readonly string[];
  /** A command that ends well where the program can run; the image's self-test runs it. */
  readonly probe?: readonly string[];
}

/** A definition that is wrong; the message has one sentence for each of its faults. */
export class DefinitionError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'DefinitionError';
  }
}

export const MIB = 2 ** 20;

export const DEFAULTS = {
  outputs: ['{name}'],
  jobCpus: 1,
  jobMemoryMiB: 512,
  maxOutputFiles: 1_000,
} as const;

const NUMBERS = {
  jobCpus: { min: 0.1, max: 16, unit: 'CPUs', isWhole: false },
  jobMemoryMiB: { min: 16, max: 122_880, unit: 'MiB', isWhole: true },
  jobDiskMiB: { min: 1, max: 204_800, unit: 'MiB', isWhole: true },
  maxOutputFiles: { min: 1, max: 100_000, unit: 'files', isWhole: true },
  maxOutputMiB: { min: 1, max: 204_800, unit: 'MiB', isWhole: true },
} as const;
const NAMES = [
  ...['argv', 'probe', 'about', 'outputs', 'suffixes', 'onInterruption', 'default', 'parse'],
  ...Object.keys(NUMBERS),
];
/** A suffix is part of a file's name, and of the filter of S3's events. */
const SUFFIX = /^[A-Za-z0-9._-]{1,32}$/;

/**
 * The patterns of a definition that is right; none for `'any'`.
 * @throws DefinitionError with every fault at once.
 */
export function checkedPatterns(
  definition: JobDefinition,
  argv?: readonly string[],
): readonly OutputPattern[] {
  const { outputs = DEFAULTS.outputs, suffixes = [] } = definition;
  const read = Array.isArray(outputs) ? outputs.map(parsePattern) : [];
  const patterns = read.filter((one) => typeof one !== 'string');
  const faults = [
    ...unknownNames(definition),
    ...(argv ? argvFaults(argv) : []),
    ...numberFaults(definition),
    ...suffixFaults(suffixes),
    ...outputFaults(outputs, read),
    ...patternFaults(patterns, suffixes),
    ...interruptionFaults(definition.onInterruption),
    ...(isObject(definition.default ?? {})
      ? []
      : [`default must be an object, but ${given(definition.default)} was given`]),
  ];
  if (faults.length > 0) throw new DefinitionError(faults);
  return patterns;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownNames(definition: object): readonly string[] {
  return Object.keys(definition)
    .filter((name) => !NAMES.includes(name))
    .map((name) => {
      const near = nearestWord(name, NAMES);
      return `${name} is unknown${near ? `; did you mean ${near}?` : ''}`;
    });
}

function argvFaults(argv: unknown): readonly string[] {
  const isRight =
    Array.isArray(argv) &&
    argv.length > 0 &&
    argv.every((word) => typeof word === 'string' && !word.includes('\0')) &&
    argv[0].trim() !== '';
  const example = "['./transcribe.sh'] or ['ffmpeg', '-version']";
  return isRight
    ? []
    : [
        `argv must be a program and its arguments, each a text of its own, such as ${example}, ` +
          `but ${given(argv)} was given`,
      ];
}

function numberFaults(definition: JobDefinition): readonly string[] {
  return Object.entries(NUMBERS).flatMap(([name, { min, max, unit, isWhole }]) => {
    const value: unknown = definition[name as keyof typeof NUMBERS] ?? min;
    const isRight =
      typeof value === 'number' && value >= min && value <= max && (!isWhole || value % 1 === 0);
    const kind = isWhole ? 'whole number' : 'number';
    return isRight
      ? []
      : [`${name} must be a ${kind} from ${min} to ${max} ${unit}, but ${given(value)} was given`];
  });
}

function suffixFaults(suffixes: unknown): readonly string[] {
  if (!Array.isArray(suffixes))
    return [`suffixes must be a list, but ${given(suffixes)} was given`];
  const wrong = suffixes.filter((suffix) => typeof suffix !== 'string' || !SUFFIX.test(suffix));
  const within = suffixes.filter((one, at) =>
    suffixes.some((other, index) => index !== at && String(one).endsWith(String(other))),
  );
  return [
    ...wrong.map(
      (suffix) =>
        "a suffix must be 1 to 32 letters, digits, '.', '_' or '-', such as '.wav', but " +
        `${given(suffix)} was given`,
    ),
    ...within.map((suffix) => `suffix ${given(suffix)} ends in another one: leave it out`),
  ];
}

function outputFaults(outputs: unknown, read: readonly (OutputPattern | string)[]) {
  if (outputs === 'any') return [];
  if (read.length === 0)
    return [`outputs must be 'any' or a list of patterns, but ${given(outputs)} was given`];
  return read.flatMap((one) => (typeof one === 'string' ? [`an output ${one}`] : []));
}

function patternFaults(patterns: readonly OutputPattern[], suffixes: readonly string[]) {
  if (patterns.some(({ kept }) => kept === 'stem') && suffixes.length !== 1) {
    return [
      '{stem} needs exactly one suffix, since of two sources such as a.wav and a.mp3 both would ' +
        `be a, but ${given(suffixes)} was given: use {name}, or name one suffix`,
    ];
  }
  const both = collisions(patterns, suffixes);
  if (both.length > 0) return both.map((pair) => `outputs ${pair}`);
  const names = patterns.map(planName);
  const twice = [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
  return twice.map((name) => `two outputs would have the name ${name}: change one of them`);
}

function interruptionFaults(choice: unknown): readonly string[] {
  return [undefined, 'finish', 'stop'].includes(choice as undefined)
    ? []
    : [`onInterruption must be 'finish' or 'stop', but ${given(choice)} was given`];
}
