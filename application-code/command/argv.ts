import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { type Host, programFileFault } from './program-file';

/** A word of argv that names a file of the workload's folder. */
const isOwnFile = (word: string) => word.startsWith('./');

/** The words with which a program is started: those that begin with `./` as whole paths. */
export function argvIn(folder: string, argv: readonly string[]): readonly string[] {
  return argv.map((word) => (isOwnFile(word) ? resolve(folder, word) : word));
}

/**
 * What keeps a program from being started, a sentence for each; none when all is well.
 * @param path the variable PATH.
 */
export async function argvFaults(
  folder: string,
  argv: readonly string[],
  path: string,
): Promise<readonly string[]> {
  const [program = '', ...words] = argv;
  const files = words.filter(isOwnFile);
  const missing = await Promise.all(files.map(async (file) => !(await isFile(join(folder, file)))));
  return [
    ...(await programFaults(folder, program, path)),
    ...files
      .filter((_file, at) => missing[at])
      .map((file) => `argv names ${file}, but ${folder} has no such file`),
  ];
}

async function programFaults(folder: string, program: string, path: string) {
  const inPath = (name: string) => programIn(path, name);
  if (!program.includes('/')) {
    return (await inPath(program))
      ? []
      : [
          `argv begins with ${program}, which is in no folder of PATH (${path}): install it, or ` +
            `write ./${program} for a file of the workload's folder`,
        ];
  }
  const file = resolve(folder, program);
  if (!(await isFile(file))) return [`argv begins with ${program}, but there is no file ${file}`];
  if (!(await isExecutable(file))) return [`${file} is not executable: run chmod +x ${program}`];
  const has = (name: string) => (name.includes('/') ? isExecutable(name) : inPath(name));
  const host: Host = { architecture: process.arch, has };
  return [await programFileFault(file, host)].filter((fault) => fault !== undefined);
}

async function programIn(path: string, name: string): Promise<boolean> {
  const places = path.split(delimiter).filter((place) => place !== '');
  const found = await Promise.all(places.map((place) => isExecutable(join(place, name))));
  return found.includes(true);
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

async function isExecutable(path: string): Promise<boolean> {
  if (!(await isFile(path))) return false;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
