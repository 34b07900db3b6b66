import type { FolderRun } from './folder-run';
import { ScalerCalls } from './scaler-calls';
import { watch } from './watch';

/** A run whose looks follow each other at once, and which is complete after the last of them. */
function runOf(waits: readonly boolean[]) {
  const looks = [...waits];
  let isWaitingForTasks = false;
  return {
    upload: { run: async () => undefined, isRunning: false },
    results: {},
    get isWaitingForTasks() {
      return isWaitingForTasks;
    },
    look: async () => {
      const next = looks.shift();
      isWaitingForTasks = next ?? false;
      return next === undefined ? 'complete' : 'continue';
    },
    snapshot: () => ({}),
  } as unknown as FolderRun;
}

/** Calls of the scaler in a run of which each look takes three seconds. */
async function callsIn(waits: readonly boolean[]): Promise<number> {
  let now = 0;
  const scaler = new ScalerCalls(
    async () => undefined,
    (error) => {
      throw error;
    },
    () => {
      now += 3_000;
      return now;
    },
  );
  const never = new Promise<never>(() => undefined);
  const { signal } = new AbortController();
  const parts = { scaler, show: () => undefined, stop: signal, died: never, refused: never };
  expect(await watch({ folderRun: runOf(waits), ...parts })).toEqual({ end: 'complete' });
  return scaler.count;
}

test('a run calls the scaler after its upload, and every few seconds while jobs wait', async () => {
  expect(await callsIn([false, false, false])).toBe(1);
  expect(await callsIn([true, true, true])).toBeGreaterThan(1);
});
