import { readFile, stat } from 'node:fs/promises';
import { basename, delimiter, extname, join, resolve } from 'node:path';
import { UsageError } from '../terminal/failures';
import { STARTERS } from './workload-files';

/** Where the files of a user and of the checkout are. */
export interface NewPlaces {
  /** The folder of all workloads. */
  readonly applicationCode: string;
  readonly workingFolder: string;
  /** The variable PATH. */
  readonly path: string;
}

export interface ReadCommand {
  /** A word that begins with `./` is a file of the new folder. */
  readonly argv: readonly string[];
  /** Those files by their names in it: paths to copy, or undefined for a starter. */
  readonly files: ReadonlyMap<string, string | undefined>;
  /** What the user should know before a first run. */
  readonly remarks: readonly string[];
}

/**
 * Takes a command apart at its spaces: it never goes through a shell.
 * @throws UsageError for a file that is missing, or that no machine can start.
 */
export async function readCommand(command: string, places: NewPlaces): Promise<ReadCommand> {
  const isOneFile = await isFile(resolve(places.workingFolder, command));
  const words = isOneFile ? [command] : command.split(/\s+/).filter((word) => word !== '');
  const [program, ...others] = words;
  if (program === undefined)
    throw new UsageError(
      '--command must be a program, such as ./transcribe.sh or ffmpeg, but nothing was given.',
    );
  const isKnown = program.includes('/') || (await isInPath(program, places.path));
  const own = [
    isKnown && !program.includes('/') ? undefined : await programFile(program, places),
    ...(await Promise.all(others.map((word) => argumentFile(word, places)))),
  ];
  const unknown = `${program} is in no folder of this machine's PATH: install it to try it here.`;
  const hasOwn = own.some((file) => file !== undefined);
  return {
    argv: words.map((word, at) => (own[at] ? `./${own[at].name}` : word)),
    files: new Map(own.flatMap((file) => (file ? [[file.name, file.path] as const] : []))),
    remarks: [...(isKnown || own[0] ? [] : [unknown]), ...(hasOwn ? [] : [withoutShell(command)])],
  };
}

/** An installed program seldom knows the variables of a job. */
const withoutShell = (command: string) =>
  `\`${command}\` gets no argument beside these, since no shell reads them: unless it reads ` +
  'JOB_INPUT by itself, write a script that names "$JOB_INPUT" and "$JOB_OUTPUT", such as ' +
  '--command ./run.sh.';

/** A file of the new folder. */
interface OwnFile {
  readonly name: string;
  /** Absent: a starter is written. */
  readonly path: string | undefined;
}

/** What a system has of its own: an image has it by its packages. */
const OF_THE_SYSTEM = /^\/(usr|bin|sbin|opt|nix)\//;

async function programFile(
  word: string,
  { workingFolder }: NewPlaces,
): Promise<OwnFile | undefined> {
  const [path, name] = [resolve(workingFolder, word), basename(word)];
  if (await isFile(path)) {
    if (OF_THE_SYSTEM.test(word)) return undefined;
    if (await isStartable(path)) return { name, path };
    throw new UsageError(
      `${path} cannot be started: let its first line name its interpreter, such as #!/bin/sh or ` +
        '#!/usr/bin/env python3.',
    );
  }
  if (!word.includes('/')) return undefined;
  if (word === `./${name}` && starterOf(name)) return { name, path: undefined };
  throw new UsageError(
    `there is no file ${path}: write the program first. One in the current folder whose name ` +
      'ends in .sh or .py is written to begin with, such as ./transcribe.sh.',
  );
}

async function argumentFile(
  word: string,
  { workingFolder }: NewPlaces,
): Promise<OwnFile | undefined> {
  const path = resolve(workingFolder, word);
  if (!OF_THE_SYSTEM.test(word) && (await isFile(path))) return { name: basename(word), path };
  if (!word.startsWith('./')) return undefined;
  throw new UsageError(`there is no file ${path}, which --command names: write it first.`);
}

/** The program that is written where the user has none, by the ending of its name. */
export const starterOf = (file: string) => STARTERS[extname(file)];

/** Whether a file is a script that names its interpreter, or a binary. */
async function isStartable(path: string): Promise<boolean> {
  const start = (await readFile(path)).subarray(0, 512);
  return start.subarray(0, 2).toString() === '#!' || start.includes(0);
}

export const isFile = async (path: string) =>
  (await stat(path).catch(() => undefined))?.isFile() ?? false;

async function isInPath(program: string, path: string): Promise<boolean> {
  const found = await Promise.all(
    path.split(delimiter).map((folder) => isFile(join(folder, program))),
  );
  return found.includes(true);
}
