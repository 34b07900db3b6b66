import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { askPython, findPython } from '../../local/emulator/find-python';
import { cacheFolder, installPythonProgram } from '../../local/emulator/python-environment';
import { imageEnvironment } from './image-environment';

const FOLDER = join(__dirname, 'subjects');
const ROOT = join(__dirname, '../..');
const CACHE = cacheFolder(process.platform, homedir(), process.env.XDG_CACHE_HOME);
/** The first build of govips compiles the bindings of libvips and the SDK. */
const LONGEST_BUILD_MILLISECONDS = 300_000;

/**
 * pyvips builds itself against the machine's libvips where pkg-config finds one, and then the
 * newer one of `pyvips-binary` lies unused. pip would keep such a build for later installations.
 * https://github.com/libvips/pyvips/blob/master/pyvips/pyvips_build.py
 */
const WITHOUT_MACHINES_LIBVIPS = { PKG_CONFIG: 'false', PIP_NO_CACHE_DIR: '1' };

/** How a program is started that works on the queue until it is ended. */
export interface Subject {
  readonly name: SubjectName;
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

export const SUBJECT_NAMES = [
  'sharp',
  'worker',
  'plain-loop',
  'sqs-consumer',
  'boto3',
  'aioboto3',
  'go',
] as const;
export type SubjectName = (typeof SUBJECT_NAMES)[number];

export interface Subjects {
  readonly subjects: readonly Subject[];
  /** Who could not be set up, as sentences. */
  readonly leftOut: readonly string[];
}

/**
 * glibc with few arenas, as sharp, Pillow and libvips are usually measured: less memory and no
 * more CPU.
 */
const FEW_ARENAS = { MALLOC_ARENA_MAX: '2' };

/** Installs and builds the programs of Python and Go once, in the user's cache. */
export async function setUp(
  names: readonly SubjectName[],
  say: (line: string) => void,
): Promise<Subjects> {
  const image = imageEnvironment(
    await readFile(join(ROOT, 'application-code/images/Dockerfile'), 'utf8'),
  );
  const bundle = join(ROOT, 'application-code/images/dist/main.js');
  const node = (file: string) => ({
    command: process.execPath,
    args: [join(FOLDER, file)],
    variables: { ...FEW_ARENAS, NODE_ENV: 'production' },
  });
  const python = async (file: string) => ({
    command: await pythonWithPeers(say),
    args: [join(FOLDER, file)],
    // Its bytecode would lie in the checkout.
    variables: { ...FEW_ARENAS, PYTHONDONTWRITEBYTECODE: '1' },
  });
  const ways: Readonly<Record<SubjectName, () => Promise<Omit<Subject, 'name'>>>> = {
    sharp: async () => ({ title: 'sharp alone', ...node('sharp-alone.mjs') }),
    worker: async () => ({
      title: 'worker',
      command: process.execPath,
      args: [...image.nodeOptions, bundle],
      variables: { ...image.variables, ...chosenClient() },
    }),
    'plain-loop': async () => ({ title: 'plain loop', ...node('plain-loop.mjs') }),
    'sqs-consumer': async () => ({ title: 'sqs-consumer, sharp', ...node('sqs-consumer.mjs') }),
    boto3: async () => ({ title: 'boto3, Pillow', ...(await python('boto3_pillow.py')) }),
    aioboto3: async () => ({ title: 'aioboto3, pyvips', ...(await python('aioboto3_pyvips.py')) }),
    go: async () => ({
      title: 'Go, govips',
      command: await builtGo(say),
      args: [],
      variables: FEW_ARENAS,
    }),
  };
  const subjects: Subject[] = [];
  const leftOut: string[] = [];
  for (const name of names) {
    try {
      subjects.push({ name, ...(await ways[name]()) });
    } catch (error) {
      leftOut.push(`${name} is left out: ${firstLine(error)}`);
    }
  }
  return { subjects, leftOut };
}

/** `AWS_CLIENT=sdk` measures the worker with the other client. */
function chosenClient(): Readonly<Record<string, string>> {
  const { AWS_CLIENT } = process.env;
  return AWS_CLIENT ? { AWS_CLIENT } : {};
}

async function pythonWithPeers(say: (line: string) => void): Promise<string> {
  const program = {
    name: 'bench-peers',
    title: 'the Python peers of the benchmark',
    requirements: join(FOLDER, 'requirements.txt'),
    variables: WITHOUT_MACHINES_LIBVIPS,
  };
  const python = await findPython(askPython, 'The benchmark');
  return installPythonProgram(python, program, { cache: CACHE, onProgress: say });
}

/** Needs Go, a C compiler and the headers of libvips. */
async function builtGo(say: (line: string) => void): Promise<string> {
  const folder = join(FOLDER, 'govips');
  const sources = await Promise.all(
    ['main.go', 'go.sum'].map((file) => readFile(join(folder, file))),
  );
  const hash = sources
    .reduce((sum, source) => sum.update(source), createHash('sha256'))
    .digest('hex');
  const binary = join(CACHE, `bench-govips-${hash.slice(0, 12)}`);
  const isThere = await access(binary).then(
    () => true,
    () => false,
  );
  if (isThere) return binary;
  say(`Building the Go peer of the benchmark into ${CACHE}, once …`);
  await mkdir(CACHE, { recursive: true });
  const options = { cwd: folder, timeout: LONGEST_BUILD_MILLISECONDS };
  await promisify(execFile)('go', ['build', '-o', binary, '.'], options);
  return binary;
}

export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').slice(0, 2).join(' ');
}
