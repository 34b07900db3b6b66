/** A picture on a terminal that renews itself. */
export interface Picture {
  show(text: string): void;
  /** Leaves the last picture on the screen. */
  close(): void;
}

export async function openPicture(stream: NodeJS.WriteStream): Promise<Picture> {
  /** Only an ES module, which `require` does not take on every Node that we run on. */
  const { createLogUpdate } = await import('log-update');
  const update = createLogUpdate(stream);
  return { show: (text) => update(text), close: () => update.done() };
}
