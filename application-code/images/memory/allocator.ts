/**
 * Variables of glibc's allocator with which a task runs: in its image (the Dockerfile says the same
 * once more), in local mode, in the benchmark and in the tests of memory.
 * https://sourceware.org/glibc/manual/latest/html_node/Memory-Allocation-Tunables.html
 *
 * - Two arenas for all threads: with one, the threads of small pictures wait for each other; more
 *   than two cost memory and save little.
 * - Pieces of four mebibytes or more are mapped, and go back to the system when they are freed.
 *   Left to itself, glibc raises that limit up to 32 MiB and then keeps what libvips and V8 free.
 * - Sixteen free mebibytes at the end of the heap go back, too.
 *
 * Decision 024 has the measurements.
 */
export const ALLOCATOR = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: String(4 * 1024 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(16 * 1024 * 1024),
} as const;
