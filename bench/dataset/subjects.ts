import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { askPython, findPython } from '../../local/emulator/find-python';
import { cacheFolder, installPythonProgram } from '../../local/emulator/python-environment';
import { firstLine, type Subject as QueueSubject, setUp as setUpOne } from '../worker/subjects';

const FOLDER = join(__dirname, 'subjects');
/** Two heaps for each of glibc's processes, as the peers of `bench:worker` have. */
const FEW_ARENAS = { MALLOC_ARENA_MAX: '2' };

export const SUBJECT_NAMES = [
  'sharp',
  'spillway',
  'img2dataset',
  'img2dataset-files',
  'script',
  'pillow',
] as const;
export type SubjectName = (typeof SUBJECT_NAMES)[number];

/** How a program is started. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/** Where a script finds the pictures. */
export type Source = 'files' | 'http';

/** A program that turns a folder of pictures into tars, or one that `bench:worker` knows. */
export interface Subject {
  readonly name: SubjectName;
  readonly title: string;
  readonly way:
    | { readonly kind: 'script'; readonly program: Program; readonly source: Source }
    | { readonly kind: 'memory' | 'queue'; readonly subject: QueueSubject };
}

const TITLES: Readonly<Record<SubjectName, string>> = {
  sharp: 'sharp alone',
  spillway: 'spillway, shards',
  img2dataset: 'img2dataset',
  'img2dataset-files': 'img2dataset, files',
  script: 'script, sharp and tar',
  pillow: 'script, Pillow and tarfile',
};

/** Installs the Python peers once, in the user's cache; who cannot be set up is a sentence. */
export async function setUp(
  names: readonly SubjectName[],
  say: (line: string) => void,
): Promise<{ readonly subjects: readonly Subject[]; readonly leftOut: readonly string[] }> {
  const ways: Readonly<Record<SubjectName, () => Promise<Subject['way']>>> = {
    sharp: async () => ({ kind: 'memory', subject: await ofWorkerBench('sharp', say) }),
    spillway: async () => ({ kind: 'queue', subject: await ofWorkerBench('worker', say) }),
    img2dataset: () => script(python('img2dataset_download.py', 'img2dataset', say), 'http'),
    'img2dataset-files': () => script(python('img2dataset_download.py', 'img2dataset', say)),
    script: () => script(node('sharp_tar.mjs')),
    pillow: () => script(python('pillow_tarfile.py', 'PIL', say)),
  };
  const subjects: Subject[] = [];
  const leftOut: string[] = [];
  for (const name of names) {
    try {
      subjects.push({ name, title: TITLES[name], way: await ways[name]() });
    } catch (error) {
      leftOut.push(`${TITLES[name]} is left out: ${firstLine(error)}`);
    }
  }
  return { subjects, leftOut };
}

async function ofWorkerBench(name: QueueSubject['name'], say: (line: string) => void) {
  const { subjects, leftOut } = await setUpOne([name], say);
  const [subject] = subjects;
  if (!subject) throw new Error(leftOut.join(' '));
  return subject;
}

async function script(
  program: Program | Promise<Program>,
  source: Source = 'files',
): Promise<Subject['way']> {
  return { kind: 'script', program: await program, source };
}

function node(file: string): Program {
  const variables = { ...FEW_ARENAS, NODE_ENV: 'production' };
  return { command: process.execPath, args: [join(FOLDER, file)], variables };
}

/** @throws Error when the module does not load, as on a Python that is too new for it. */
async function python(file: string, module: string, say: (line: string) => void): Promise<Program> {
  const variables = {
    ...FEW_ARENAS,
    // Its bytecode would lie in the checkout.
    PYTHONDONTWRITEBYTECODE: '1',
    // A package of img2dataset would look for newer versions in each process.
    NO_ALBUMENTATIONS_UPDATE: '1',
  };
  const found = await findPython(askPython, 'The benchmark');
  const program = {
    name: 'bench-dataset-peers',
    title: 'the Python peers of the benchmark',
    requirements: join(FOLDER, 'requirements.txt'),
  };
  const cache = cacheFolder(process.platform, homedir(), process.env.XDG_CACHE_HOME);
  const command = await installPythonProgram(found, program, { cache, onProgress: say });
  const env = { ...process.env, ...variables };
  await promisify(execFile)(command, ['-c', `import ${module}`], { env });
  return { command, args: [join(FOLDER, file)], variables };
}
