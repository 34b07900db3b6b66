import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const WORKER = join(__dirname, '..', '..', 'application-code', 'worker', 'dist', 'main.js');

/** The worker's bundle as a task's program, before which stands a proxy. */
export interface WorkerProgram {
  readonly path: string;
  /** Files that tasks had in their scratch folders when they ended by themselves. */
  leftBehind(): Promise<readonly string[]>;
}

/**
 * Nothing of the worker is changed: it is told another endpoint, and a name for its requests, which is its task's id. The SDK
 * follows the host of a queue's URL, so that one changes, too.
 */
export async function writeWorkerProgram(folder: string, endpoint: string): Promise<WorkerProgram> {
  const path = join(folder, 'worker.js');
  const left = join(folder, 'left-behind');
  await writeFile(left, '');
  await writeFile(
    path,
    `
    const { appendFileSync, readdirSync } = require('node:fs');
    const { basename } = require('node:path');
    const scratch = process.env.TMPDIR;
    process.on('exit', () => {
      for (const name of readdirSync(scratch)) appendFileSync('${left}', scratch + '/' + name + '\\n');
    });
    process.env.AWS_SDK_UA_APP_ID = basename(scratch);
    process.env.AWS_ENDPOINT_URL = '${endpoint}';
    for (const name of ['QUEUE_URL', 'DEAD_LETTER_QUEUE_URL']) {
      process.env[name] = '${endpoint}' + new URL(process.env[name]).pathname;
    }
    require('${WORKER}');
  `,
  );
  return {
    path,
    leftBehind: async () => (await readFile(left, 'utf8')).split('\n').filter((line) => line !== ''),
  };
}
