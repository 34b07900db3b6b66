import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { printable } from '../../text/printable';
import { shortened } from '../../text/table';
import { duration } from '../../text/units';
import { pluralize } from '../../text/words';
import { isDrawable, type Paint, paintFor, plain } from './paint';
import { etaSeconds, type Snapshot } from './snapshot';

/** Shows a run while it continues. */
export interface LiveView {
  show(snapshot: Snapshot): void;
  /** Prints text that stays on the screen. */
  print(text: string): void;
  /** Restores the terminal. The last snapshot stays on it. */
  close(): void;
}

/** A terminal, or a file or pipe in its place. */
type ViewStream = NodeJS.WriteStream | (NodeJS.WritableStream & { readonly isTTY?: false });

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

const PHASES = {
  starting: 'Starting',
  running: 'Running',
  draining: 'Stopping: tasks drain (Ctrl-C again stops at once)',
  finishing: 'Finishing',
} as const;

/** Jobs whose progress is shown. */
const SHOWN_JOBS = 3;

/** The live view: a few lines that fit the terminal. */
export function progressLines(snapshot: Snapshot, width: number, paint: Paint = plain): string[] {
  const lines = [
    [paint('bold', PHASES[snapshot.phase]), duration(snapshot.elapsedSeconds)],
    [bar(snapshot, Math.min(40, width - 20), paint), percent(snapshot)],
    uploadWords(snapshot),
    [`backlog ${snapshot.backlog}`, `in-flight ${snapshot.inFlight}`],
    taskWords(snapshot),
    resultWords(snapshot, paint),
    throughputWords(snapshot),
    ...progressWords(snapshot, SHOWN_JOBS),
  ];
  return lines.map((words) => fitted(words, width));
}

/** The live view on one line, for logs. */
export function plainLine(snapshot: Snapshot): string {
  const tasks = taskWords(snapshot).join(', ');
  return [
    duration(snapshot.elapsedSeconds),
    ...(snapshot.phase === 'running' ? [] : [snapshot.phase]),
    ...uploadWords(snapshot),
    `backlog ${snapshot.backlog}`,
    `in-flight ${snapshot.inFlight}`,
    tasks,
    ...resultWords(snapshot, plain),
    ...throughputWords(snapshot),
    ...progressWords(snapshot, 1).map((words) => words.join(' ')),
  ].join(' · ');
}

function uploadWords({ uploaded, isUploading, skipped }: Snapshot): string[] {
  const words = [`uploaded ${uploaded}${isUploading ? ' …' : ''}`];
  return skipped > 0 ? [...words, `left out ${skipped}`] : words;
}

function taskWords({ tasks }: Snapshot): string[] {
  const states = [
    `tasks ${tasks.running} running`,
    ...(tasks.pending > 0 ? [`${tasks.pending} pending`] : []),
    ...(tasks.stopping > 0 ? [`${tasks.stopping} stopping`] : []),
    `${tasks.stopped} stopped`,
  ];
  return states;
}

function resultWords({ done, deadLettered }: Snapshot, paint: Paint): string[] {
  const dead = `dead-lettered ${deadLettered}`;
  return [paint('green', `done ${done}`), deadLettered > 0 ? paint('red', dead) : dead];
}

function throughputWords(snapshot: Snapshot): string[] {
  if (snapshot.filesPerSecond === undefined) return [];
  const eta = etaSeconds(snapshot);
  const throughput = `${snapshot.filesPerSecond.toFixed(1)} files/s`;
  return eta === undefined || eta === 0 ? [throughput] : [throughput, `ETA ${duration(eta)}`];
}

/** The jobs that began first: what takes long is what one waits for. */
function progressWords({ progress }: Snapshot, most: number): string[][] {
  return progress
    .slice(0, most)
    .map(({ name, fraction, text }) => [
      `${printable(name)} ${Math.floor(fraction * 100)} %`,
      ...(text === '' ? [] : [printable(text)]),
    ]);
}

function share({ uploaded, done, deadLettered }: Snapshot): number {
  return uploaded === 0 ? 0 : Math.min(1, (done + deadLettered) / uploaded);
}

function bar(snapshot: Snapshot, width: number, paint: Paint): string {
  const cells = Math.max(4, width);
  const full = Math.floor(share(snapshot) * cells);
  return paint('green', '█'.repeat(full)) + paint('dim', '░'.repeat(cells - full));
}

function percent(snapshot: Snapshot): string {
  const settled = snapshot.done + snapshot.deadLettered;
  const files = pluralize(snapshot.uploaded, 'file');
  return `${Math.floor(share(snapshot) * 100)} % (${settled} of ${files})`;
}

/**
 * Joins the words that fit and leaves the others out, since half a word would mean something else.
 */
function fitted(words: readonly string[], width: number): string {
  let line = '';
  for (const word of words) {
    const longer = line === '' ? word : `${line} · ${word}`;
    if (line !== '' && stringWidth(longer) > width) break;
    line = longer;
  }
  return stringWidth(line) > width ? shortened(stripVTControlCharacters(line), width) : line;
}
