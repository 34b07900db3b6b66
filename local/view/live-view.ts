import { isDrawable, type Paint, paintFor } from './paint';
import { plainLine, progressLines } from './progress';
import type { Snapshot } from './snapshot';

/** Shows a run while it goes on. */
export interface LiveView {
  show(snapshot: Snapshot): void;
  /** A sentence that stays on the screen. */
  say(sentence: string): void;
  /** Leaves the terminal as it was found; the last picture stays. */
  close(): void;
}

/** As much of a terminal, or of a file in its place, as a view needs. */
export type ViewStream = NodeJS.WriteStream | (NodeJS.WritableStream & { readonly isTTY?: false });

const PLAIN_EVERY_SECONDS = 2;

/**
 * One picture that renews itself on a terminal; plain lines, at most every two seconds, elsewhere.
 */
export async function openLiveView(
  stream: ViewStream,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<LiveView> {
  if (!isDrawable(stream, environment)) return plainView(stream);
  /** Only an ES module, which `require` does not take on every Node that we run on. */
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
    say: (sentence) => void stream.write(`${sentence}\n`),
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
    say(sentence) {
      update.clear();
      stream.write(`${sentence}\n`);
      draw();
    },
    close() {
      stream.off('resize', draw);
      if (current !== undefined) update.done();
      current = undefined;
    },
  };
}
