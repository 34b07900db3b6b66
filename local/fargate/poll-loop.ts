/** Polls at a steady interval, or sooner when it is woken, and never twice at a time. */
export interface PollLoop {
  /** Polls at once, or once more when a poll is under way. */
  wake(): void;
  /** Resolves when no poll is under way any longer. */
  stop(): Promise<void>;
}

export function startPollLoop(poll: () => Promise<void>, pauseMilliseconds: number): PollLoop {
  let stopped = false;
  let wake: () => void = () => undefined;
  const loop = async () => {
    while (!stopped) {
      // Made before the poll: an event during the poll may be missing in its answer.
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
