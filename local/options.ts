import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Command, CommanderError } from 'commander';
import { recipeOf } from '../application-code/workloads';
import type { DestinationSettings } from '../contract/destination';
import { codeOf, LocalModeError } from '../folder/errors';
import type { Environment } from '../stacks/config/blueprint-config';
import { nearestWord, usageSentence } from '../text/words';
import {
  type ConfiguredPipeline,
  type ConfiguredPipelinePorts,
  configuredPipeline,
} from './configured-pipeline';
import { destinationOf } from './dataset/destination';
import { LOCAL_DEFAULTS } from './provision/settings';
import { collecting, type RawOptions, startCommand } from './start-command';

/** What the user asked for, checked. */
export interface StartOptions {
  /** Absolute path of the folder to process. */
  readonly folder: string;
  /** Absolute path of the folder for the outputs, and whether the user named it. */
  readonly out: { readonly folder: string; readonly isExplicit: boolean };
  /** What is done with each file: the name of a folder below `application-code/`. */
  readonly workload: string;
  /** A recipe of the workload. */
  readonly recipe: unknown;
  /** Of a pipeline of the configuration; absent: the defaults. */
  readonly settings?: ConfiguredPipeline;
  /** Objects, or shards of a dataset. */
  readonly destination: DestinationSettings;
  readonly maxTasks: number;
  readonly jobsPerTask: number;
  /** Seconds that one job may take. */
  readonly jobTimeoutSeconds: number;
  /** Receives after which a job is given up. */
  readonly maxAttempts: number;
  /** Runs the tasks in the image of the workload. */
  readonly container: boolean;
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
  /** The folder to process when none is given, by the workload. */
  readonly samplesOf: (workload: string) => string;
  readonly readFile?: (file: string) => string;
  /** Variables of who starts the run. */
  readonly variables?: ConfiguredPipelinePorts['variables'];
  readonly loadBlueprint?: ConfiguredPipelinePorts['loadBlueprint'];
}

/** The file among the bundled samples that says where they come from. */
const SAMPLE_SOURCES = 'SOURCES.md';

const HELP_COMMAND = 'npm start -- --help';

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
  const { workingFolder } = context;
  const { out, recipe, pipeline, jobTimeout, ...others } = command.opts<RawOptions>();
  const { keep = false, container = false, dataset = false, ...limits } = others;
  const settings = collecting(faults, () => readPipeline(command, pipeline, context));
  // Of a wrong pipeline no recipe is right or wrong.
  const workload = settings?.workload ?? (pipeline === undefined ? others.workload : '');
  const samples = context.samplesOf(workload);
  const folder = path.resolve(workingFolder, command.args[0] ?? samples);
  const chosen = { workload, ...(settings && { settings }) };
  const recipeRead = collecting(faults, () => readRecipe(chosen, recipe, context));
  const destination =
    faults.length > 0
      ? undefined
      : collecting(faults, () =>
          destinationOf({ ...chosen, dataset, recipe: recipeRead, maxTasks: limits.maxTasks }),
        );
  return {
    folder,
    ignore: folder === path.resolve(samples) ? [SAMPLE_SOURCES] : [],
    out: { folder: path.resolve(workingFolder, out ?? 'out'), isExplicit: out !== undefined },
    ...limits,
    keep,
    container,
    destination: destination ?? { kind: 'objects' },
    ...(settings && { settings }),
    jobTimeoutSeconds:
      jobTimeout ?? settings?.jobTimeoutSeconds ?? LOCAL_DEFAULTS.jobTimeoutSeconds,
    maxAttempts: others.maxAttempts ?? settings?.maxAttempts ?? LOCAL_DEFAULTS.maxAttempts,
    workload,
    recipe: recipeRead,
  };
}

/** The pipeline of the configuration that is named; undefined when none is. */
function readPipeline(
  command: Command,
  name: string | undefined,
  { variables = {}, loadBlueprint = loadHere }: ParseContext,
): ConfiguredPipeline | undefined {
  if (name === undefined) return undefined;
  if (command.getOptionValueSource('workload') === 'cli')
    throw new LocalModeError(
      `--workload must be left out with --pipeline ${name}, which has a workload.`,
    );
  const settings = configuredPipeline(name, { variables, loadBlueprint });
  const { policy } = settings.scaling;
  if (policy !== 'jobs-per-task' && command.getOptionValueSource('jobsPerTask') === 'cli')
    throw new LocalModeError(
      `--jobs-per-task must be left out with --pipeline ${name}, whose policy is ${policy}.`,
    );
  return settings;
}

/** Loaded when it is needed, since most runs do without. */
function loadHere(): readonly Environment[] {
  const { loadBlueprint } = require('../stacks/config/load-config') as LoadConfig;
  return loadBlueprint();
}

type LoadConfig = typeof import('../stacks/config/load-config');

/** Called when all options are known, since `--workload` may follow. */
function readRecipe(
  { workload, settings }: Pick<StartOptions, 'workload' | 'settings'>,
  text: string | undefined,
  context: ParseContext,
): unknown {
  if (workload === '') return undefined;
  const recipe = recipeOf(workload);
  if (text !== undefined) return recipe.parse(recipeJson(text, context, recipe.presets));
  return settings === undefined ? recipe.default : settings.recipe;
}

/**
 * JSON begins with a bracket, a brace or a quotation mark. Other text is the name of a preset, or
 * of a file.
 */
function recipeJson(text: string, context: ParseContext, presets: readonly string[] = []): string {
  if (/^\s*[[{"]/.test(text)) return text;
  if (presets.includes(text)) return JSON.stringify(text);
  const read = context.readFile ?? ((name: string) => readFileSync(name, 'utf8'));
  try {
    return read(path.resolve(context.workingFolder, text));
  } catch (error) {
    const near = nearestWord(text, presets);
    const hint = near ? ` Did you mean the preset ${near}?` : '';
    throw new LocalModeError(
      `--recipe must be JSON or a file that holds it, but ${text || 'nothing'} cannot be read ` +
        `(${codeOf(error) ?? String(error)}).${hint}`,
    );
  }
}
