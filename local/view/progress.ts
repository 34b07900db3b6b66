import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { shortened } from '../../text/table';
import { duration } from '../../text/units';
import { pluralize } from '../../text/words';
import { type Paint, plain } from './paint';
import { etaSeconds, type Snapshot } from './snapshot';

const PHASES = {
  starting: 'Starting',
  running: 'Running',
  draining: 'Stopping: tasks drain (Ctrl-C again stops at once)',
  finishing: 'Finishing',
} as const;

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
