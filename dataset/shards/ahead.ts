export interface AheadLimits {
  /** Fetches at a time. */
  readonly count: number;
  /** Bytes that are fetched or wait; one fetch may be larger. */
  readonly bytes: number;
}

/**
 * Fetches some values ahead and returns them in their order, so that the latency of one request is
 * not that of all, and the memory has a bound.
 */
export async function* fetchedAhead<Want extends { readonly length: number }, Got>(
  wanted: Iterable<Want>,
  fetch: (want: Want) => Promise<Got>,
  { count, bytes }: AheadLimits,
): AsyncGenerator<readonly [Want, Got]> {
  const waiting: { readonly want: Want; readonly got: Promise<Got> }[] = [];
  let held = 0;
  const iterator = wanted[Symbol.iterator]();
  let next = iterator.next();
  while (!next.done || waiting.length > 0) {
    while (!next.done && (waiting.length === 0 || hasRoom(next.value))) {
      start(next.value);
      next = iterator.next();
    }
    const first = waiting.shift();
    if (!first) return;
    yield [first.want, await first.got];
    held -= first.want.length;
  }

  function hasRoom({ length }: Want): boolean {
    return waiting.length < count && held + length <= bytes;
  }

  function start(want: Want): void {
    const got = fetch(want);
    // One that fails while an earlier one is awaited is thrown when it is its turn.
    got.catch(() => undefined);
    waiting.push({ want, got });
    held += want.length;
  }
}
