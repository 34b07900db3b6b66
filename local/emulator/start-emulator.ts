import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LocalModeError } from '../../folder/errors';
import type { Emulator } from '../ports';
import { openScratchFolder } from '../scratch-folder';
import { findPython, type Python } from './find-python';
import { startMinistack } from './ministack-process';
import { cacheFolder, type InstallOptions, installPythonProgram } from './python-environment';

const MINISTACK = {
  name: 'ministack-1.5.33',
  title: 'the local AWS emulator',
  requirements: join(__dirname, 'requirements.txt'),
} as const;

export interface EmulatorOptions {
  /** Called with a sentence when something takes long, such as the first installation. */
  readonly onProgress?: (sentence: string) => void;
  /** Chooses the port; for tests. */
  readonly choosePort?: () => Promise<number>;
}

const PORT_ATTEMPTS = 5;

/**
 * Starts a private emulator on a free loopback port. The first start on a machine installs it
 * (about five seconds). It runs in a process group of its own, so that Ctrl-C in a terminal does
 * not reach it, and ends when this process ends, however that happens.
 *
 *     const emulator = await startEmulator({ onProgress: console.error });
 *     …
 *     await emulator.stop();
 *
 * @throws LocalModeError with one clear sentence for the user: there is no fitting Python, or the
 *   package registry cannot be reached.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const python = await installEmulator(await findPython(), {
    cache: cacheFolder(process.platform, homedir(), process.env.XDG_CACHE_HOME),
    ...(options.onProgress && { onProgress: options.onProgress }),
  });
  const choosePort = options.choosePort ?? freePort;
  for (let attempt = 1; ; attempt += 1) {
    const emulator = await startOn(python, await choosePort());
    if (emulator) return emulator;
    if (attempt === PORT_ATTEMPTS) {
      throw new LocalModeError(
        `The local AWS emulator found its port taken ${PORT_ATTEMPTS} times in a row: ` +
          'close what opens ports on this machine, or start again.',
      );
    }
  }
}

/**
 * Installs the emulator into a virtual environment of its own.
 * @returns the absolute path of its Python.
 * @throws LocalModeError when the registry cannot be reached, or the cache cannot be written.
 */
export function installEmulator(
  python: Python,
  options: InstallOptions & { readonly requirements?: string },
): Promise<string> {
  const { requirements = MINISTACK.requirements, ...rest } = options;
  return installPythonProgram(python, { ...MINISTACK, requirements }, rest);
}

/** @returns undefined when another program took the port first. */
async function startOn(python: string, port: number): Promise<Emulator | undefined> {
  const scratch = await openScratchFolder();
  try {
    const started = await startMinistack({ python, port, scratch, identity: randomUUID() });
    if (started === 'port-taken') {
      await scratch.remove();
      return undefined;
    }
    return { endpoint: `http://127.0.0.1:${port}`, died: started.died, stop: () => started.stop() };
  } catch (error) {
    await scratch.remove();
    throw error;
  }
}

/** A loopback port that is free now. Another program may take it first, so callers try again. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
