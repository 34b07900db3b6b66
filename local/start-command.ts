import { Command } from 'commander';
import { MAX_HIDDEN_SECONDS, WORKER_VARIABLES } from '../application-code/worker/src/settings';
import { RecipeError } from '../application-code/worker/src/workload/recipe';
import { DEFAULT_WORKLOAD, WorkloadError, workloadNames } from '../application-code/workloads';
import { LocalModeError } from '../folder/errors';
import { KNOB_RULES } from '../lambda/scaler/decision/knobs';
import { ConfigError } from '../stacks/config/blueprint-config';
import { factsOf } from '../text/setting';
import { nearestWord } from '../text/words';
import { loopbackEndpoint } from './emulator/use-emulator';
import { LOCAL_DEFAULTS } from './provision/settings';

/** The most that the scaler takes. The least is 1 here, since 0 would never launch a task. */
const MOST = {
  maxTasks: factsOf(KNOB_RULES.maxTasks.schema).range?.max ?? 0,
  jobsPerTask: factsOf(KNOB_RULES.jobsPerTask.schema).range?.max ?? 0,
  maxAttempts: factsOf(WORKER_VARIABLES.maxAttempts.schema).range?.max ?? 0,
  /** Together with the visibility timeout at most the time for which SQS hides a message. */
  jobTimeout: MAX_HIDDEN_SECONDS - LOCAL_DEFAULTS.visibilityTimeoutSeconds,
};

const EXAMPLES = `
Examples:
  npm start                                    the bundled samples
  npm start -- ~/Pictures                      a folder and all that is in it
  npm start -- ~/Pictures --out ~/thumbnails
  npm start -- --recipe '[{"name":"small","width":320,"format":"webp"}]'
  npm start -- ~/Pictures --dataset            shards for training, labelled by folder
  npm start -- --keep                          look around afterwards with the aws command`;

/** Commander's values. A wrong one is an empty text. */
export interface RawOptions {
  readonly workload: string;
  readonly pipeline?: string;
  readonly recipe?: string;
  readonly out?: string;
  readonly dataset?: boolean;
  readonly maxTasks: number;
  readonly jobsPerTask: number;
  readonly jobTimeout?: number;
  readonly maxAttempts?: number;
  readonly container?: boolean;
  readonly keep?: boolean;
  readonly endpoint?: string;
}

/** Makes a parser of an option's text that reports a wrong value instead of throwing. */
type Validator = <T>(parse: (text: string) => T) => (text: string) => T | undefined;

/** @param faults takes the sentences about wrong values; commander would stop at the first one. */
export function startCommand(faults: string[]): Command {
  const valid: Validator = (parse) => (text) => collecting(faults, () => parse(text));
  const command = new Command('npm start --')
    .usage('[FOLDER] [options]')
    .description(
      'Takes a folder of files through the whole pipeline on this machine. ' +
        'No AWS account is used.',
    )
    .argument(
      '[FOLDER]',
      'files to process, at any depth (default: the samples of the workload)',
      valid(folderPath('FOLDER')),
    )
    .allowExcessArguments()
    .helpOption('-h, --help', 'this text')
    .addHelpText('after', EXAMPLES);
  addWorkloadOptions(command, valid);
  addLimits(command, valid);
  return addMachineOptions(command, valid);
}

/** What is done, and where its outputs go. */
function addWorkloadOptions(command: Command, valid: Validator): void {
  command
    .option(
      '--out <DIR>',
      'where the outputs and index.html go (default: ./out)',
      valid(folderPath('--out')),
    )
    .option(
      '--dataset',
      'makes shards of a dataset (tar files of WebDataset with an index) instead of single ' +
        'files; the folder of a file is its label',
    )
    .option(
      '--workload <NAME>',
      `what is done with each file: ${workloadNames().join(', ')}`,
      valid(knownWorkload),
      DEFAULT_WORKLOAD,
    )
    .option(
      '--pipeline <NAME>',
      'a pipeline of blueprint.config.ts, such as photos or dev/photos: its workload, recipe, ' +
        'environment and limits; its secrets are read from variables of the same name',
    )
    .option(
      '--recipe <FILE|JSON|PRESET>',
      "the workload's recipe: JSON, a file that holds it, or the name of a preset such as " +
        "imagenet-224 (default: the workload's own)",
    );
}

function addLimits(command: Command, valid: Validator): void {
  command
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
    .option(
      '--job-timeout <SECONDS>',
      `time that one job may take, 1 to ${MOST.jobTimeout} seconds (default: the pipeline's, or ` +
        `${LOCAL_DEFAULTS.jobTimeoutSeconds})`,
      valid(countUpTo(MOST.jobTimeout, '--job-timeout')),
    )
    .option(
      '--max-attempts <N>',
      `receives after which a job is given up, 1 to ${MOST.maxAttempts} (default: the ` +
        `pipeline's, or ${LOCAL_DEFAULTS.maxAttempts})`,
      valid(countUpTo(MOST.maxAttempts, '--max-attempts')),
    );
}

/** What of this machine is used, and for how long. */
function addMachineOptions(command: Command, valid: Validator): Command {
  return command
    .option(
      '--container',
      'run the tasks in the image of the workload, by Docker or Podman, instead of as processes ' +
        'of this machine',
    )
    .option('--keep', 'leave everything running at the end, for the aws command, until Ctrl-C')
    .option(
      '--endpoint <URL>',
      'an AWS emulator that already runs on this machine, such as http://127.0.0.1:4566',
      valid((text) => loopbackEndpoint(text)),
    );
}

/** @returns undefined where the value is wrong. */
export function collecting<T>(faults: string[], read: () => T): T | undefined {
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
  if (error instanceof LocalModeError || error instanceof WorkloadError) return [error.message];
  if (error instanceof ConfigError) return error.faults;
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
