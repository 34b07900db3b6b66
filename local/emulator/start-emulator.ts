import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { LocalModeError } from '../../folder/folder-error';
import type { Emulator } from '../ports';
import { openScratchFolder } from '../scratch-folder';
import { cacheFolder } from './cache-folder';
import { findPython } from './find-python';
import { freePort } from './free-port';
import { installEmulator } from './install-emulator';
import { startMinistack } from './ministack-process';

export interface EmulatorOptions {
  /**
   * Told once when something takes longer than a moment, such as the first installation. One
   * sentence.
   */
  readonly onProgress?: (sentence: string) => void;
  /** Chooses the port; for tests. */
  readonly choosePort?: () => Promise<number>;
}

const PORT_ATTEMPTS = 5;

/**
 * Starts a private emulator on a free loopback port; the first start on a machine installs it
 * (about five seconds). It runs in a process group of its own, so that Ctrl-C in a terminal leaves
 * it to us, and ends with us, however we end.
 *
 *     const emulator = await startEmulator({ onProgress: console.error });
 *     …
 *     await emulator.stop();
 *
 * @throws LocalModeError with one clear sentence for the user: no fitting Python, no way to the
 *   package registry.
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
        `The local AWS emulator found its port taken ${PORT_ATTEMPTS} times in a row: close what opens ports on this machine, or start again.`,
      );
    }
  }
}

/** Undefined when somebody else took the port before us. */
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
