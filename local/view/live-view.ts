import { isDrawable, type Paint, paintFor } from './paint';
import { plainLine, progressLines } from './progress';
import type { Snapshot } from './snapshot';

/** Shows a run while it continues. */
export interface LiveView {
  show(snapshot: Snapshot): void;
  /** Prints text that stays on the screen. */
  print(text: string): void;
  /** Restores the terminal. The last snapshot stays on it. */
  close(): void;
}

/** A terminal, or a file or pipe in its place. */
export type ViewStream = NodeJS.WriteStream | (NodeJS.WritableStream & { readonly isTTY?: false });

const PLAIN_EVERY_SECONDS = 2;

/** Redraws a few lines on a terminal. Elsewhere prints a line every two seconds at most. */
export async function openLiveView(
  stream: ViewStream,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<LiveView> {
  if (!isDrawable(stream, environment)) return plainView(stream);
  // Waits at its top level, which `require` cannot do.
  const { createLogUpdate } = await import('log-update');
  return terminalView(stream, createLogUpdate(stream), paintFor(stream, environment));
}

function plainView(stream: ViewStream): LiveView {
  let last = '';
  let next = 0;
  return {
    show(snapshot) {
      const line = plainLine(snapshot);
      const news = line.slice(line.indexOf(' · '));
      if (news === last || snapshot.elapsedSeconds < next) return;
      last = news;
      next = snapshot.elapsedSeconds + PLAIN_EVERY_SECONDS;
      stream.write(`${line}\n`);
    },
    print: (text) => void stream.write(`${text}\n`),
    close: () => undefined,
  };
}

interface Update {
  (text: string): void;
  clear(): void;
  done(): void;
}

function terminalView(stream: NodeJS.WriteStream, update: Update, paint: Paint): LiveView {
  let current: Snapshot | undefined;
  const draw = () => {
    if (current !== undefined)
      update(progressLines(current, (stream.columns || 80) - 1, paint).join('\n'));
  };
  stream.on('resize', draw);
  return {
    show(snapshot) {
      current = snapshot;
      draw();
    },
    print(text) {
      update.clear();
      stream.write(`${text}\n`);
      draw();
    },
    close() {
      stream.off('resize', draw);
      if (current !== undefined) update.done();
      current = undefined;
    },
  };
}
