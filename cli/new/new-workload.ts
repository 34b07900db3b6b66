import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { checkedPatterns, DefinitionError } from '../../application-code/command/definition';
import { isWorkloadName, WORKLOAD_NAME } from '../../stacks/config/rules/workload-rules';
import { shown } from '../../text/words';
import { RefusalError, UsageError } from '../terminal/failures';
import { isFile, type NewPlaces, readCommand, starterOf } from './read-command';
import { type NewWorkload, workloadFiles } from './workload-files';

/** What a user asks for. */
export interface NewOptions extends Omit<NewWorkload, 'argv' | 'outputs'> {
  /** The program, and arguments behind it. */
  readonly command: string;
  readonly outputs?: readonly string[];
  /** A file to try the workload with. */
  readonly sample?: string;
}

/** A workload that was made. */
export interface MadeWorkload extends NewWorkload {
  /** Paths of its files below its folder. */
  readonly files: readonly string[];
  /** What the user should know before a first run. */
  readonly remarks: readonly string[];
}

const TEXT =
  'The sample is a text, whatever its name: put a real file into samples/, or name one with ' +
  '--sample, before you run it or deploy it.';

/** A file of the new folder: a copy, or a text. */
type NewFile = { readonly copyOf: string } | { readonly text: string };

/**
 * Makes the folder of a workload: all of it, or nothing.
 * @throws UsageError for what is asked wrongly, RefusalError for a folder that is there.
 */
export async function newWorkload(options: NewOptions, places: NewPlaces): Promise<MadeWorkload> {
  const { name, outputs = ['{name}'] } = options;
  checkName(name);
  const { argv, files: programs, remarks } = await readCommand(options.command, places);
  const { command: _command, sample: _sample, ...sizes } = options;
  const workload: NewWorkload = {
    ...sizes,
    argv,
    outputs: outputs.join() === 'any' ? 'any' : outputs,
  };
  checkDefinition(workload);
  const template = join(places.applicationCode, 'command', 'Dockerfile');
  const written = workloadFiles(workload, await readFile(template, 'utf8'));
  const taken = [...programs.keys()].find((program) => written.has(program));
  if (taken)
    throw new UsageError(`${taken} is a file of every workload: give the program another name.`);
  const files = new Map<string, NewFile>([
    ...[...written].map(([file, text]) => [file, { text }] as const),
    ...[...programs].map(
      ([program, path]) => [program, contentOf(program, path, workload)] as const,
    ),
    await sampleOf(options, places),
  ]);
  await writeAll(join(places.applicationCode, name), files, [...programs.keys()]);
  const isText = options.sample !== undefined || ['', '.txt'].includes(options.suffix ?? '');
  return { ...workload, files: [...files.keys()], remarks: isText ? remarks : [...remarks, TEXT] };
}

function checkName(name: string): void {
  if (isWorkloadName(name)) return;
  throw new UsageError(`a workload must have ${WORKLOAD_NAME}, but ${shown(name)} was given.`);
}

function checkDefinition({ name: _name, suffix, ...definition }: NewWorkload): void {
  try {
    const suffixes = suffix === undefined ? [] : [suffix];
    checkedPatterns({ ...definition, suffixes }, definition.argv);
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    throw new UsageError(`${error.faults.join('; ')}.`);
  }
}

function contentOf(program: string, path: string | undefined, workload: NewWorkload): NewFile {
  return path === undefined ? { text: starterOf(program)?.(workload) ?? '' } : { copyOf: path };
}

/** @throws UsageError for a sample that is missing, or that would be no job. */
async function sampleOf(
  { sample, suffix = '' }: NewOptions,
  { workingFolder }: NewPlaces,
): Promise<readonly [string, NewFile]> {
  if (sample === undefined) return [`samples/hello${suffix || '.txt'}`, { text: 'Hello.\n' }];
  const path = resolve(workingFolder, sample);
  if (!(await isFile(path)))
    throw new UsageError(`--sample must be a file, but there is no file ${path}.`);
  if (!path.endsWith(suffix))
    throw new UsageError(`--sample must end in ${suffix}, but ${sample} was given.`);
  return [`samples/${basename(path)}`, { copyOf: path }];
}

/** Writes a folder aside and moves it into place. */
async function writeAll(
  folder: string,
  files: ReadonlyMap<string, NewFile>,
  programs: readonly string[],
): Promise<void> {
  if (await stat(folder).catch(() => undefined))
    throw new RefusalError(`${folder} exists: choose another name, or remove it.`);
  const aside = await mkdtemp(join(dirname(folder), '.new-'));
  try {
    for (const [file, content] of files) {
      const path = join(aside, file);
      await mkdir(dirname(path), { recursive: true });
      if ('text' in content) await writeFile(path, content.text);
      else await copyFile(content.copyOf, path);
      await chmod(path, programs.includes(file) ? 0o755 : 0o644);
    }
    await chmod(aside, 0o755);
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
}
