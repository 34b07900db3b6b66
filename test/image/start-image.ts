import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { OpenedImage } from './builder';

/** A program that runs as process 1 of an image. */
export interface ImageProcess {
  /** Its lines so far, of both outputs. */
  readonly lines: readonly string[];
  /** Settles with the first line that holds a text. @throws Error when the program ends first. */
  says(text: string): Promise<string>;
  /** Its exit code. */
  readonly ended: Promise<number>;
  /** SIGTERM is what ECS sends at the end of a task. */
  signal(name: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts an image's program as its own user on a root that cannot be written. */
export function startImage(
  { root, config }: OpenedImage,
  variables: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): ImageProcess {
  const given = Object.entries(variables).map(([name, value]) => [`TASK_${name}`, value]);
  const child = spawn(join(__dirname, 'run-in-image'), [root, JSON.stringify(config), ...args], {
    env: { PATH: process.env.PATH, ...Object.fromEntries(given) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const heard = new EventEmitter();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      heard.emit('line');
    });
  }
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? -1));
  });
  const says = async (text: string) => {
    for (;;) {
      const found = lines.find((line) => line.includes(text));
      if (found !== undefined) return found;
      const isOver = await Promise.race([
        ended.then(() => true),
        once(heard, 'line').then(() => false),
      ]);
      if (isOver) throw new Error(`The image ended before it said ${text}:\n${lines.join('\n')}`);
    }
  };
  return { lines, says, ended, signal: (name) => signal(child, name) };
}

/** The process that we started only waits; the program is its one child. */
async function signal({ pid }: ChildProcess, name: NodeJS.Signals): Promise<void> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  process.kill(Number(children.trim()), name);
}
