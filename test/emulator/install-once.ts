import { startEmulator } from '../../local/emulator/start-emulator';

/**
 * Runs before the suites that start emulators, each of which would install it at the same time.
 * Where it cannot be installed they say so themselves, and the others run.
 */
// biome-ignore lint/style/noDefaultExport: Jest asks for it.
export default async function installOnce(): Promise<void> {
  try {
    const emulator = await startEmulator({ onProgress: console.error });
    await emulator.stop();
  } catch (error) {
    console.error(error);
  }
}
