import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { RecipeError } from '../application-code/worker/src/workload/recipe';
import { DEFAULT_WORKLOAD, recipeOf, workloadNames } from '../application-code/workloads';
import { codeOf, LocalModeError } from '../folder/errors';
import { KNOB_RULES } from '../lambda/scaler/knobs';
import { nearestWord } from '../text/nearest-word';
import { factsOf } from '../text/setting';
import { usageSentence } from '../text/usage-sentence';
import { loopbackEndpoint } from './emulator/use-emulator';
import { LOCAL_DEFAULTS } from './provision/settings';

/** The most that the scaler takes. The least is 1 here, since 0 would never launch a task. */
const MOST = {
  maxTasks: factsOf(KNOB_RULES.maxTasks.schema).range?.max ?? 0,
  jobsPerTask: factsOf(KNOB_RULES.jobsPerTask.schema).range?.max ?? 0,
};

/** What the user asked for, checked. */
export interface StartOptions {
  /** Absolute path of the folder to process. */
  readonly folder: string;
  /** Absolute path of the folder for the renditions, and whether the user named it. */
  readonly out: { readonly folder: string; readonly isExplicit: boolean };
  /** What is done with each file: the name of a folder below `application-code/`. */
  readonly workload: string;
  /** A recipe of the workload. */
  readonly recipe: unknown;
  readonly maxTasks: number;
  readonly jobsPerTask: number;
  /** Leaves everything running at the end, for the aws command. */
  readonly keep: boolean;
  /** Paths below the folder that are no sources and are ignored. */
  readonly ignore: readonly string[];
  /** A loopback emulator that runs already. */
  readonly endpoint?: string;
}

/** The meaning of a command line: options, a text to print, or what is wrong with it. */
export type ParsedCommandLine =
  | { readonly kind: 'run'; readonly options: StartOptions }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'faults'; readonly faults: readonly string[] };

export interface ParseContext {
  /** Relative paths start here. */
  readonly workingFolder: string;
  /** The folder to process when none is given. */
  readonly samples: string;
  readonly readFile?: (file: string) => string;
}

/** The file among the bundled samples that says where they come from. */
const SAMPLE_SOURCES = 'SOURCES.md';

const HELP_COMMAND = 'npm start -- --help';

const EXAMPLES = `
Examples:
  npm start                                    the bundled samples
  npm start -- ~/Pictures                      a folder and all that is in it
  npm start -- ~/Pictures --out ~/thumbnails
  npm start -- --recipe '[{"name":"small","width":320,"format":"webp"}]'
  npm start -- --keep                          look around afterwards with the aws command`;

/** Commander's values. A wrong one is an empty text. */
interface RawOptions {
  readonly workload: string;
  readonly recipe?: string;
  readonly out?: string;
  readonly maxTasks: number;
  readonly jobsPerTask: number;
  readonly keep?: boolean;
  readonly endpoint?: string;
}

/** Reads a command line. Reports all wrong values together, each in a sentence of its own. */
export function parseOptions(argv: readonly string[], context: ParseContext): ParsedCommandLine {
  const faults: string[] = [];
  const help: string[] = [];
  const command = startCommand(faults)
    .exitOverride()
    .configureOutput({ writeOut: (text) => help.push(text), outputError: () => undefined });
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'help', text: help.join('') };
    faults.push(usageSentence(error.message, HELP_COMMAND));
  }
  const { args } = command;
  if (args.length > 1 && faults.length === 0)
    faults.push(
      `One folder is processed at a time, but ${args.length} were given: ${args.join(', ')}.`,
    );
  const options = startOptions(command, context, faults);
  return faults.length > 0 ? { kind: 'faults', faults } : { kind: 'run', options };
}

function startOptions(command: Command, context: ParseContext, faults: string[]): StartOptions {
  const { workingFolder, samples } = context;
  const { out, recipe, keep = false, ...others } = command.opts<RawOptions>();
  const folder = path.resolve(workingFolder, command.args[0] ?? samples);
  return {
    folder,
    ignore: folder === path.resolve(samples) ? [SAMPLE_SOURCES] : [],
    out: { folder: path.resolve(workingFolder, out ?? 'out'), isExplicit: out !== undefined },
    keep,
    ...others,
    recipe: collecting(faults, () => readRecipe(others.workload, recipe, context)),
  };
}

/** Makes a parser of an option's text that reports a wrong value instead of throwing. */
type Validator = <T>(parse: (text: string) => T) => (text: string) => T | undefined;

/** @param faults takes the sentences about wrong values; commander would stop at the first one. */
function startCommand(faults: string[]): Command {
  const valid: Validator = (parse) => (text) => collecting(faults, () => parse(text));
  const command = new Command('npm start --')
    .usage('[FOLDER] [options]')
    .description(
      'Takes a folder of files through the whole pipeline on this machine. ' +
        'No AWS account is used.',
    )
    .argument(
      '[FOLDER]',
      'files to process, at any depth (default: the bundled samples)',
      valid(folderPath('FOLDER')),
    )
    .allowExcessArguments()
    .helpOption('-h, --help', 'this text')
    .addHelpText('after', EXAMPLES);
  return addOptions(command, valid);
}

function addOptions(command: Command, valid: Validator): Command {
  return command
    .option(
      '--out <DIR>',
      'where the outputs and index.html go (default: ./out)',
      valid(folderPath('--out')),
    )
    .option(
      '--workload <NAME>',
      `what is done with each file: ${workloadNames().join(', ')}`,
      valid(knownWorkload),
      DEFAULT_WORKLOAD,
    )
    .option(
      '--recipe <FILE|JSON>',
      "the workload's recipe, as JSON or a file that holds it (default: the workload's own)",
    )
    .option(
      '--max-tasks <N>',
      `most tasks at a time, 1 to ${MOST.maxTasks}`,
      valid(countUpTo(MOST.maxTasks, '--max-tasks')),
      LOCAL_DEFAULTS.maxTasks,
    )
    .option(
      '--jobs-per-task <N>',
      `jobs for which one task is launched, 1 to ${MOST.jobsPerTask}`,
      valid(countUpTo(MOST.jobsPerTask, '--jobs-per-task')),
      LOCAL_DEFAULTS.jobsPerTask,
    )
    .option('--keep', 'leave everything running at the end, for the aws command, until Ctrl-C')
    .option(
      '--endpoint <URL>',
      'an AWS emulator that already runs on this machine, such as http://127.0.0.1:4566',
      valid((text) => loopbackEndpoint(text)),
    );
}

/** @returns undefined where the value is wrong. */
function collecting<T>(faults: string[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    faults.push(...sentencesOf(error));
    return undefined;
  }
}

/** @throws Error for a defect of ours. */
function sentencesOf(error: unknown): readonly string[] {
  if (error instanceof RecipeError) return error.faults.map((fault) => `--recipe: ${fault}`);
  if (error instanceof LocalModeError) return [error.message];
  throw error;
}

const folderPath = (name: string) => (text: string) => {
  if (text !== '') return text;
  throw new LocalModeError(`${name} must be the path of a folder, but nothing was given.`);
};

const countUpTo = (most: number, option: string) => (text: string) => {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= most) return value;
  const given = text || 'nothing';
  throw new LocalModeError(
    `${option} must be a whole number between 1 and ${most}, but ${given} was given.`,
  );
};

function knownWorkload(name: string): string {
  const names = workloadNames();
  if (names.includes(name)) return name;
  const meant = nearestWord(name, names);
  throw new LocalModeError(
    `--workload must be one of ${names.join(', ')}, but ${name || 'nothing'} was given.` +
      (meant === undefined ? '' : ` Did you mean ${meant}?`),
  );
}

/** Called when all options are known, since `--workload` may follow. */
function readRecipe(workload: string, text: string | undefined, context: ParseContext): unknown {
  if (workload === '') return undefined;
  const recipe = recipeOf(workload);
  return text === undefined ? recipe.default : recipe.parse(recipeJson(text, context));
}

/** JSON begins with a bracket, a brace or a quotation mark. Other text is the name of a file. */
function recipeJson(text: string, context: ParseContext): string {
  if (/^\s*[[{"]/.test(text)) return text;
  const read = context.readFile ?? ((name: string) => readFileSync(name, 'utf8'));
  try {
    return read(path.resolve(context.workingFolder, text));
  } catch (error) {
    throw new LocalModeError(
      `--recipe must be JSON or a file that holds it, but ${text || 'nothing'} cannot be read ` +
        `(${codeOf(error) ?? String(error)}).`,
    );
  }
}
