import type { Emulator } from '../ports';

export interface EmulatorOptions {
  /** Told once when something takes longer than a moment, such as the first installation. One sentence. */
  readonly onProgress?: (sentence: string) => void;
}

/**
 * Starts a private emulator on a free loopback port; the first start on a machine installs it (about five seconds).
 *
 *     const emulator = await startEmulator({ onProgress: console.error });
 *     …
 *     await emulator.stop();
 *
 * @throws LocalModeError with one clear sentence for the user: no fitting Python, no way to the package registry.
 */
export async function startEmulator(_options: EmulatorOptions = {}): Promise<Emulator> {
  throw new Error('not built yet');
}
