import { shortened } from '../../text/table';

/** A line of stderr that renews itself, where somebody sits at a terminal. */
export interface ProgressLine {
  show(text: string): void;
  /** Leaves the line empty for what comes next. */
  clear(): void;
}

const BAR_CELLS = 24;

/** `[######------] 512/1000`; a total that was an estimate grows with what is found. */
export function bar(done: number, total: number): string {
  const whole = Math.max(done, total, 1);
  const filled = Math.floor((done / whole) * BAR_CELLS);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_CELLS - filled)}] ${done}/${Math.max(done, total)}`;
}

/** As much of a terminal as a line needs. */
export interface LineStream {
  readonly columns?: number;
  write(text: string): unknown;
}

export function progressOn(stream: LineStream): ProgressLine {
  let isShown = false;
  return {
    show(text) {
      isShown = true;
      stream.write(`\r\u001b[K${shortened(text, (stream.columns ?? 80) - 1)}`);
    },
    clear() {
      if (isShown) stream.write('\r\u001b[K');
      isShown = false;
    },
  };
}
