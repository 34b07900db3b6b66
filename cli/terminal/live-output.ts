/** A liveOutput on a terminal that renews itself. */
export interface LiveOutput {
  show(text: string): void;
  /** Leaves the last liveOutput on the screen. */
  close(): void;
}

export async function openLiveOutput(stream: NodeJS.WriteStream): Promise<LiveOutput> {
  /** Only an ES module, which `require` does not take on every Node that we run on. */
  const { createLogUpdate } = await import('log-update');
  const update = createLogUpdate(stream);
  return { show: (text) => update(text), close: () => update.done() };
}
