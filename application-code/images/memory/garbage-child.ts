import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GarbageLimit } from './garbage';
import { SourceBuffers } from './source-buffers';

const BUFFERS = 2_500;
const BUFFER_BYTES = 1_300_000;
const LIVE_BUFFERS = 24;
/** A heap like the worker's. */
const OBJECTS = 100_000;

/** Makes and drops buffers as photos do, and writes how often V8 collected the whole heap. */
async function main(isLimited: boolean): Promise<void> {
  let collections = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { detail } = entry as PerformanceEntry & { readonly detail: { readonly kind: number } };
      if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) collections += 1;
    }
  }).observe({ entryTypes: ['gc'] });
  const limit = isLimited ? new GarbageLimit(new SourceBuffers()) : undefined;
  const heap = Array.from({ length: OBJECTS }, (_, index) => ({ index, text: `object ${index}` }));
  const live: Buffer[] = [];
  for (let made = 0; made < BUFFERS; made += 1) {
    live.push(Buffer.allocUnsafeSlow(BUFFER_BYTES));
    if (live.length > LIVE_BUFFERS) live.shift();
    limit?.enforce(0, Number.POSITIVE_INFINITY);
    heap[made] = { index: made, text: `another ${made}` };
    await nextTurn();
  }
  process.stdout.write(String(collections));
}

void main(process.argv[2] === 'limited');
