import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { askPython, findPython } from '../../../local/emulator/find-python';
import { OutputTail } from '../../../local/emulator/ministack-process';
import { cacheFolder, installPythonProgram } from '../../../local/emulator/python-environment';
import { freePort } from '../../../local/emulator/start-emulator';
import { baseEnvironment } from '../../../local/environment';
import { openScratchFolder } from '../../../local/scratch-folder';

const MOTO = {
  name: 'moto-5.2.5',
  title: 'the second AWS emulator',
  requirements: join(__dirname, 'requirements.txt'),
} as const;
const START_SECONDS = 60;

export interface Moto {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Starts a private moto, which ends with this process. @throws Error when it does not answer. */
export async function startMoto(): Promise<Moto> {
  const cache = cacheFolder(process.platform, homedir(), process.env.XDG_CACHE_HOME);
  const found = await findPython(askPython, 'The rehearsal of the delivery');
  const python = await installPythonProgram(found, MOTO, { cache });
  const scratch = await openScratchFolder();
  const port = await freePort();
  const child = spawn(python, ['-I', '-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    cwd: scratch.path,
    detached: true,
    env: baseEnvironment(scratch.path),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const tail = new OutputTail();
  tail.follow(child.stdout);
  tail.follow(child.stderr);
  if (child.pid !== undefined) scratch.guard(child.pid);
  const ended = once(child, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await scratch.remove();
    await ended;
  };
  const deadline = Date.now() + START_SECONDS * 1000;
  while (!(await answers(endpoint))) {
    if (Date.now() > deadline || child.exitCode !== null) {
      await stop();
      throw new Error(`moto did not answer within ${START_SECONDS} s. It said: ${tail.text()}`);
    }
    await delay(50);
  }
  return { endpoint, stop };
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    return (await fetch(`${endpoint}/moto-api/data.json`, { signal: AbortSignal.timeout(2_000) }))
      .ok;
  } catch {
    return false;
  }
}
