import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import type { Disk } from './disk';
import { PATH } from './environment';
import { progressReader, type RenderProgress, refusalIn } from './messages';
import { SceneFault } from './scene-fault';

/** The name of a picture on the disk, before the number of its frame. */
export const PICTURE = 'picture';
/** On its command line, POV-Ray takes neither blanks nor letters beyond ASCII. */
export const SETTINGS = 'settings.ini';

export interface Render {
  readonly disk: Disk;
  /** Holds {@link SETTINGS}, and what they name; POV-Ray starts here. */
  readonly folder: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  onProgress(progress: RenderProgress): void;
}

/** Lines that are kept to tell what is wrong. */
const KEPT_LINES = 200;

/**
 * Renders all frames of a scene into the disk's folder of pictures.
 * @throws SceneFault with POV-Ray's own line when it finds the scene or its settings wrong.
 */
export async function render(request: Render): Promise<void> {
  const { disk, folder, threads, signal, onProgress } = request;
  const povray = spawn('povray', argumentsOf(disk, folder, threads), {
    cwd: folder,
    env: { PATH, ...disk.environment },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  const ended = once(povray, 'close');
  // Awaited below; a program that cannot be started ends meanwhile.
  ended.catch(() => undefined);
  const lines: string[] = [];
  const progressOf = progressReader();
  // A carriage return ends a line here, too: POV-Ray writes its progress over itself.
  for await (const line of createInterface({ input: povray.stderr })) {
    const progress = progressOf(line);
    if (progress) onProgress(progress);
    else lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
  }
  const [code, by] = await ended;
  if (code === 0) return;
  const refusal = refusalIn(lines);
  if (refusal) throw new SceneFault(refusal);
  const last = lines.filter((line) => line.trim() !== '').slice(-3);
  throw new Error(`povray ended with ${code ?? by}: ${last.join(' ')}`);
}

/** Those after the settings replace what the settings say. */
export function argumentsOf(
  { pictures }: Disk,
  folder: string,
  threads: number,
): readonly string[] {
  return [
    SETTINGS,
    `+O${relative(folder, join(pictures, PICTURE))}.png`,
    // PNG, whatever the settings say.
    '+FN',
    `+WT${threads}`,
    // No window, no state of an earlier render.
    ...['-D', '-C'],
    // Progress, and what is wrong, but neither tables of options nor statistics.
    ...['+V', '+GD', '+GF', '+GW', '-GR', '-GS'],
  ];
}
