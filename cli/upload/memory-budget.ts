/** Bytes that several lanes may hold together. */
export interface MemoryBudget {
  /**
   * Waits until there is room for so many bytes, in the order of asking; more than all of it is all of it.
   * @returns what gives them back.
   */
  take(bytes: number): Promise<() => void>;
}

export function memoryBudget(all: number): MemoryBudget {
  let free = all;
  const waiting: { readonly bytes: number; readonly begin: () => void }[] = [];
  const serve = () => {
    for (let next = waiting[0]; next !== undefined && next.bytes <= free; next = waiting[0]) {
      free -= next.bytes;
      waiting.shift();
      next.begin();
    }
  };
  return {
    async take(wanted) {
      const bytes = Math.min(wanted, all);
      await new Promise<void>((begin) => {
        waiting.push({ bytes, begin });
        serve();
      });
      return () => {
        free += bytes;
        serve();
      };
    },
  };
}
