import type { Fleet } from './fleet';

/** A loopback proxy before the emulator's ECS that tells what only the task runner knows. */
export interface EcsFront {
  /** Give it to the scaler (`provision` setting `ecsEndpoint`) and to whoever wants true exit codes. */
  readonly endpoint: string;
  /** Shared with the task runner. */
  readonly fleet: Fleet;
  stop(): Promise<void>;
}

/** Starts the front on a free loopback port. */
export async function startEcsFront(_emulatorEndpoint: string): Promise<EcsFront> {
  throw new Error('not built yet');
}
