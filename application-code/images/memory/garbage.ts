import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MIB } from './estimate';
import type { SourceBuffers } from './source-buffers';

/** Dead buffers that may pile up even when all memory is given out: a part of RESERVED_MIB. */
const TOLERATED_BYTES = 16 * MIB;

/** How the process sees its buffers and has the dead ones freed. */
export interface Collector {
  /** Bytes outside V8's heap that JavaScript objects own, dead ones included. */
  externalBytes(): number;
  /** Frees what is unreachable: three milliseconds for a heap like the worker's. */
  collect(): void;
}

/**
 * Bounds the buffers that no job needs: those that are kept, and those that are no longer referred
 * to.
 *
 * V8 sees a dropped source as a few bytes of its heap and takes its time: with sources of 64 MB,
 * several of them were in memory beside the one that was counted. So the dead ones
 * are freed before memory is filled, once they are too many.
 */
export class GarbageLimit {
  constructor(
    private readonly buffers: SourceBuffers,
    private readonly collector: Collector = v8Collector(),
  ) {}

  /**
   * Dead buffers may also lie in half of what is free, since a collection for every 25 photos would
   * cost a tenth of the throughput. Call this before new memory is filled.
   * @param liveBytes what is known to be in use.
   * @param freeBytes what no job has.
   */
  enforce(liveBytes: number, freeBytes: number): void {
    if (this.collector.externalBytes() - liveBytes <= TOLERATED_BYTES + freeBytes / 2) return;
    this.buffers.clear();
    this.collector.collect();
  }
}

/**
 * By how much of itself V8's heap may grow, buffers included, before V8 collects by itself, in
 * hundredths. Its own choice for a heap of 16 MB is a collection for every 13 photos, which took a
 * twentieth of the CPU time of each; `GarbageLimit` bounds the buffers, whatever V8 does.
 * https://github.com/v8/v8/blob/12.4.254/src/heap/memory-controller.cc
 */
const HEAP_GROWING_PERCENT = 400;

/**
 * `gc` exists only in contexts made after its flag was set, so that the command line of the worker
 * needs none. `process.memoryUsage` would say the same, but it also has the system count pages: 0.2
 * ms a call in a busy worker, for two calls a job.
 */
function v8Collector(): Collector {
  setFlagsFromString('--expose-gc');
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
  const collect = runInNewContext('gc') as () => void;
  return { externalBytes: () => getHeapStatistics().external_memory, collect };
}
