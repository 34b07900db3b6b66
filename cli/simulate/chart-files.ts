import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../terminal/failures';
import type { ChartedRun } from './charts';
import type { PageText } from './page';

/** Files for the charts of a simulation. */
export interface ChartFiles {
  readonly out?: string;
  readonly svg?: string;
}

/** Their files are looked at before a simulation, which may take half a minute. */
export function addChartOptions(command: Command): Command {
  return command
    .option('--out <FILE>', 'write a page with charts, such as run.html', fileOf('.html'))
    .option('--svg <FILE>', 'write the charts as one picture, such as run.svg', fileOf('.svg'));
}

/** @returns a reader of file names, which throws InvalidArgumentError for what is no such file. */
function fileOf(suffix: string): (text: string) => string {
  return (text) => {
    if (!text.endsWith(suffix)) throw new InvalidArgumentError(`Its name must end in ${suffix}.`);
    const folder = path.dirname(path.resolve(text));
    if (!isFolder(folder)) throw new InvalidArgumentError(`The folder ${folder} must exist.`);
    if (isFolder(text)) throw new InvalidArgumentError('It must be a file, and is a folder.');
    return text;
  };
}

/** What cannot be looked at, such as a name that is too long, is no folder. */
function isFolder(place: string): boolean {
  try {
    return statSync(place).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Writes what was asked for. Drawing is loaded for that alone.
 * @throws UsageError when a file cannot be written.
 */
export async function writeCharts(
  runs: readonly ChartedRun[],
  text: PageText,
  { out, svg }: ChartFiles,
): Promise<void> {
  if (out !== undefined) {
    const { simulationPage } = await import('./page');
    await write('--out', out, simulationPage(runs, text));
  }
  if (svg !== undefined) {
    const { simulationPicture } = await import('./picture');
    await write('--svg', svg, simulationPicture(runs));
  }
}

async function write(option: string, file: string, content: string): Promise<void> {
  try {
    await writeFile(file, content);
  } catch (cause) {
    const { message } = cause as Error;
    throw new UsageError(`${option} cannot write ${file} (${message}): choose another place.`, {
      cause,
    });
  }
}
