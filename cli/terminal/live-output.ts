import { shortened } from '../../text/table';

/** Text on a terminal that replaces itself. */
export interface LiveOutput {
  show(text: string): void;
  /** Removes the text; the next one is shown in its place. */
  clear(): void;
  /** Leaves the last text on the screen. */
  close(): void;
}

export async function openLiveOutput(stream: NodeJS.WriteStream): Promise<LiveOutput> {
  /** Only an ES module, which `require` does not take on every Node that we run on. */
  const { createLogUpdate } = await import('log-update');
  const update = createLogUpdate(stream, { showCursor: true });
  return { show: (text) => update(text), clear: () => update.clear(), close: () => update.done() };
}

/** Live output of one line, cut where the terminal ends. */
export async function openProgressLine(stream: NodeJS.WriteStream): Promise<LiveOutput> {
  const line = await openLiveOutput(stream);
  return { ...line, show: (text) => line.show(shortened(text, (stream.columns ?? 80) - 1)) };
}

const BAR_CELLS = 24;

/** `[######------] 512/1000`; a total that was an estimate grows with what is found. */
export function progressBar(done: number, total: number): string {
  const whole = Math.max(done, total, 1);
  const filled = Math.floor((done / whole) * BAR_CELLS);
  const bar = `${'#'.repeat(filled)}${'-'.repeat(BAR_CELLS - filled)}`;
  return `[${bar}] ${done}/${Math.max(done, total)}`;
}
