/** Does something again and again, at a steady pace or sooner when woken, never twice at once. */
export interface PollLoop {
  /** Runs it at once, or once more when it is running. */
  wake(): void;
  /** Settles when it does not run any more. */
  stop(): Promise<void>;
}

export function startPollLoop(poll: () => Promise<void>, pauseMilliseconds: number): PollLoop {
  let stopped = false;
  let wake: () => void = () => undefined;
  const loop = async () => {
    while (!stopped) {
      // Armed before the poll: what happens during it may not be in its answer.
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await poll();
      const timer = setTimeout(wake, pauseMilliseconds);
      await woken;
      clearTimeout(timer);
    }
  };
  const ended = loop();
  return {
    wake: () => wake(),
    stop: () => {
      stopped = true;
      wake();
      return ended;
    },
  };
}
