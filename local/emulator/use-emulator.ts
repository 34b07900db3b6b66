import type { Emulator } from '../ports';

/**
 * Takes an emulator that is already there (`--endpoint URL`); `stop` leaves it running.
 * @throws LocalModeError when the URL is not a loopback one or nothing answers there.
 */
export async function useEmulator(_endpoint: string): Promise<Emulator> {
  throw new Error('not built yet');
}
