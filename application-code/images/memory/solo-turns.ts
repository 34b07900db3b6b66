import { PermanentFault } from '../../worker/src/faults';
import { settledFault } from '../decode/libvips-faults';
import { MemoryPool } from './memory-pool';

/** More than all jobs of a task together: headers are read beside the decodes. */
const ALL_TURNS = 4_096;

/**
 * Turns on libvips, which keeps one error buffer for the whole process: of two decodes that fail at
 * the same time, one reports the other's words, both, or none.
 * https://github.com/libvips/libvips/issues/707, https://github.com/lovell/sharp/issues/902
 *
 * So work runs beside others as long as it succeeds. When it fails, it runs a second time while
 * nothing else does, and only that second failure is told. It waits for what is under way, and what
 * comes later waits for it: first come, first served, as in the pool.
 */
export class SoloTurns {
  private readonly turns = new MemoryPool(ALL_TURNS);

  /**
   * @param work is called once or twice; it is told whether nothing else runs.
   * @throws Fault of the second call, or of the first when it has no cause; the signal's reason
   * when it is aborted.
   */
  async run<T>(work: (isAlone: boolean) => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await this.hold(1, work, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof PermanentFault && error.cause === undefined) throw error;
      return this.alone(work, signal);
    }
  }

  private async alone<T>(work: (isAlone: boolean) => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await this.hold(ALL_TURNS, work, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw settledFault(error);
    }
  }

  private async hold<T>(
    turns: number,
    work: (isAlone: boolean) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const turn = await this.turns.acquire(turns, signal);
    try {
      return await work(turns === ALL_TURNS);
    } finally {
      turn.release();
    }
  }
}
