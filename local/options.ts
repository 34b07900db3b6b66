import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { parseRecipe, type Recipe } from '../application-code/images/recipe';
import { RecipeError } from '../application-code/worker/src/workload/recipe';
import { KNOB_RULES } from '../lambda/scaler/knobs';
import { nearestWord } from '../text/nearest-word';
import { loopbackEndpoint } from './emulator/use-emulator';
import { LOCAL_DEFAULTS } from './provision/settings';

/** Most that the scaler takes; none would never launch anything, so one is the least here. */
const MOST = {
  maxTasks: KNOB_RULES.maxTasks.range?.[1] ?? 0,
  jobsPerTask: KNOB_RULES.jobsPerTask.range?.[1] ?? 0,
};

/** What the user asked for, checked. */
export interface StartOptions {
  /** Absolute path of the folder to process. */
  readonly folder: string;
  /** Absolute path of the folder for the renditions, and whether the user named it. */
  readonly out: { readonly folder: string; readonly isExplicit: boolean };
  /** Absent: the worker's own default. */
  readonly recipe?: Recipe;
  readonly maxTasks?: number;
  readonly jobsPerTask?: number;
  /** Leaves everything running at the end, for the aws command. */
  readonly keep: boolean;
  /** Paths below the folder that are no photos and are passed over. */
  readonly ignore: readonly string[];
  /** A loopback emulator that is already there. */
  readonly endpoint?: string;
}

/** What is to be done with a command line. */
export type Parsed =
  | { readonly kind: 'run'; readonly options: StartOptions }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'faults'; readonly faults: readonly string[] };

export interface ParseContext {
  /** Relative paths are taken from here. */
  readonly workingFolder: string;
  /** What is processed when no folder is given. */
  readonly samples: string;
  readonly readFile?: (file: string) => string;
}

/** Says where the bundled samples come from. */
const SAMPLE_SOURCES = 'SOURCES.md';

interface RawOptions {
  readonly out?: string;
  readonly recipe?: string;
  readonly maxTasks?: string;
  readonly jobsPerTask?: string;
  readonly keep?: boolean;
  readonly endpoint?: string;
}

const EXAMPLES = `
Examples:
  npm start                                    the bundled samples
  npm start -- ~/Pictures                      a folder and all that is in it
  npm start -- ~/Pictures --out ~/thumbnails
  npm start -- --recipe '[{"name":"small","width":320,"format":"webp"}]'
  npm start -- --keep                          look around afterwards with the aws command`;

/** Reads a command line. Every fault is found at once, each a sentence of its own. */
export function parseOptions(argv: readonly string[], context: ParseContext): Parsed {
  const command = describe();
  if (argv.includes('--help') || argv.includes('-h'))
    return { kind: 'help', text: `${command.helpInformation().trimEnd()}\n${EXAMPLES}\n` };
  const faults: string[] = [];
  const operands = readOperands(command, argv, faults);
  const raw = command.opts<RawOptions>();
  const folder = path.resolve(context.workingFolder, operands[0] ?? context.samples);
  const options = {
    folder,
    ignore: folder === path.resolve(context.samples) ? [SAMPLE_SOURCES] : [],
    out: {
      folder: path.resolve(context.workingFolder, raw.out ?? 'out'),
      isExplicit: raw.out !== undefined,
    },
    ...readCount('--max-tasks', 'maxTasks', raw, faults),
    ...readCount('--jobs-per-task', 'jobsPerTask', raw, faults),
    keep: raw.keep ?? false,
    ...readRecipe(raw.recipe, context, faults),
    ...readEndpoint(raw.endpoint, faults),
  };
  if (raw.out === '') faults.push('--out must be the path of a folder, but nothing was given.');
  return faults.length > 0 ? { kind: 'faults', faults } : { kind: 'run', options };
}

function describe(): Command {
  return new Command('npm start --')
    .usage('[FOLDER] [options]')
    .description(
      'Renditions of a folder of photos, through the whole pipeline on this machine; no AWS account is used.',
    )
    .argument('[FOLDER]', 'photos to process, at any depth (default: the bundled samples)')
    .option('--out <DIR>', 'where renditions and index.html go (default: ./out)')
    .option(
      '--recipe <FILE|JSON>',
      'renditions wanted, as a JSON list or a file that holds one (default: fit into 224x224)',
    )
    .option(
      '--max-tasks <N>',
      `most tasks at a time, 1 to ${MOST.maxTasks} (default: ${LOCAL_DEFAULTS.maxTasks})`,
    )
    .option(
      '--jobs-per-task <N>',
      `jobs for which one task is launched, 1 to ${MOST.jobsPerTask} (default: ${LOCAL_DEFAULTS.jobsPerTask})`,
    )
    .option('--keep', 'leave everything running at the end, for the aws command, until Ctrl-C')
    .option(
      '--endpoint <URL>',
      'an AWS emulator on this machine that is already there, such as http://127.0.0.1:4566',
    )
    .helpOption('-h, --help', 'this text');
}

function unknownOption(command: Command, option: string): string {
  const known = command.options.map(({ long }) => long ?? '');
  const meant = nearestWord(option.replace(/=.*/s, ''), known);
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  return `${option} is not an option: \`npm start -- --help\` lists them.${hint}`;
}

/** What is left beside the options: at most one folder. */
function readOperands(
  command: Command,
  argv: readonly string[],
  faults: string[],
): readonly string[] {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  try {
    const { operands, unknown } = command.parseOptions([...argv]);
    for (const option of unknown.filter((word) => word.startsWith('-')))
      faults.push(unknownOption(command, option));
    const words = [...operands, ...unknown.filter((word) => !word.startsWith('-'))];
    if (words.length > 1 && faults.length === 0)
      faults.push(
        `One folder is processed at a time, but ${words.length} were given: ${words.join(', ')}.`,
      );
    if (words[0] === '') faults.push('FOLDER must be the path of a folder, but nothing was given.');
    return words;
  } catch (error) {
    const sentence = error instanceof Error ? error.message.replace(/^error: /, '') : String(error);
    faults.push(`${sentence}: \`npm start -- --help\` shows how it is used.`);
    return [];
  }
}

function readCount(
  option: string,
  name: 'maxTasks' | 'jobsPerTask',
  raw: RawOptions,
  faults: string[],
): { readonly [key in typeof name]?: number } {
  const text = raw[name];
  if (text === undefined) return {};
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= MOST[name]) return { [name]: value };
  faults.push(
    `${option} must be a whole number between 1 and ${MOST[name]}, but ${text || 'nothing'} was given.`,
  );
  return {};
}

/**
 * JSON begins with a bracket (or a brace, which the recipe's own rules then refuse); all else names
 * a file.
 */
function readRecipe(
  text: string | undefined,
  context: ParseContext,
  faults: string[],
): { readonly recipe?: Recipe } {
  if (text === undefined) return {};
  try {
    return { recipe: parseRecipe(/^\s*[[{]/.test(text) ? text : readRecipeFile(text, context)) };
  } catch (error) {
    if (error instanceof RecipeError)
      faults.push(...error.faults.map((fault) => `--recipe: ${fault}`));
    else
      faults.push(
        `--recipe must be a JSON list of renditions or a file that holds one, but ${text || 'nothing'} cannot be read (${reasonOf(error)}).`,
      );
    return {};
  }
}

function readRecipeFile(file: string, context: ParseContext): string {
  const read = context.readFile ?? ((name: string) => readFileSync(name, 'utf8'));
  return read(path.resolve(context.workingFolder, file));
}

function reasonOf(error: unknown): string {
  return error instanceof Error
    ? ((error as NodeJS.ErrnoException).code ?? error.message)
    : String(error);
}

function readEndpoint(text: string | undefined, faults: string[]): { readonly endpoint?: string } {
  if (text === undefined) return {};
  try {
    return { endpoint: loopbackEndpoint(text) };
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
    return {};
  }
}
