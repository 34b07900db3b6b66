import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { programBehind } from '../emulator/fleet';

const WORKER = join(__dirname, '..', '..', 'application-code', 'images', 'dist', 'main.js');

/** Below a file there is no folder, not even for root; on Linux no file may hold a byte. */
const NO_DISK = `
    process.env.TMPDIR = '/dev/null/scratch';
    const limit = ['--pid', String(process.pid), '--fsize=0'];
    const { execFileSync } = require('node:child_process');
    if (process.platform === 'linux') execFileSync('prlimit', limit);`;

/** The worker's bundle as a task's program, behind a proxy. */
export interface WorkerProgram {
  readonly path: string;
  /** Process ids of all tasks so far, in the order of their start. */
  processes(): Promise<readonly number[]>;
  /** Files that tasks had in their scratch folders when they ended by themselves. */
  leftBehind(): Promise<readonly string[]>;
  /** Most resident memory of each task that ended by itself, in MiB; empty but on Linux. */
  peaksMiB(): Promise<readonly number[]>;
}

export interface WorkerOptions {
  readonly hasDisk?: boolean;
  /** Default: the worker of images. */
  readonly bundle?: string;
  /** Win over those of the task. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** The worker behind a proxy; its requests bear the id of its task. */
export async function writeWorkerProgram(
  folder: string,
  endpoint: string,
  { hasDisk = true, bundle = WORKER, variables = {} }: WorkerOptions,
): Promise<WorkerProgram> {
  const path = join(folder, 'worker.js');
  const left = join(folder, 'left-behind');
  const started = join(folder, 'started');
  const peaks = join(folder, 'peaks');
  await Promise.all([writeFile(left, ''), writeFile(started, ''), mkdir(peaks)]);
  await writeFile(
    path,
    `
    const { appendFileSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
    const { basename } = require('node:path');
    const scratch = process.env.TMPDIR;
    appendFileSync('${started}', process.pid + '\\n');
    process.on('exit', () => {
      const names = readdirSync(scratch).map((name) => scratch + '/' + name + '\\n');
      appendFileSync('${left}', names.join(''));
      if (process.platform !== 'linux') return;
      const [, kibibytes] = /^VmHWM:\\s+(\\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'));
      // A name takes no byte of a file, of which there may be none.
      writeFileSync('${peaks}/' + process.pid + '-' + kibibytes, '');
    });
    process.env.AWS_SDK_UA_APP_ID = basename(scratch);
    ${hasDisk ? '' : NO_DISK}
    Object.assign(process.env, ${JSON.stringify(variables)});
    ${programBehind(endpoint, bundle)}
  `,
  );
  return {
    path,
    processes: async () => (await linesOf(started)).map(Number),
    leftBehind: () => linesOf(left),
    peaksMiB: async () => (await readdir(peaks)).map((name) => Number(name.split('-')[1]) / 1024),
  };
}

const linesOf = async (file: string) =>
  (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
