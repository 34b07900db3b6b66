import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startEmulator } from '../../../local/emulator/start-emulator';
import { isFlat, type Trend, trendOf } from './slope';
import { type SoakReport, soak } from './soak';

/** Growth over the time that was measured, as a share of the mean. */
const FLAT_SHARE = 0.1;
/** Of the soak, that the worker has to have lived which is measured. */
const LEAST_SHARE = 0.5;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
  const minutes = Number(values.minutes);
  if (!(minutes >= 1 && minutes <= 1_440)) {
    throw new Error(
      `--minutes must be a number from 1 to 1440, but ${values.minutes} was given: npm ` +
        'run soak -- --minutes 30',
    );
  }
  const seed = randomInt(1_000_000);
  const emulator = await startEmulator({ onProgress: (sentence) => console.error(sentence) });
  try {
    const isWell = report(seed, minutes, await soak(emulator.endpoint, seed, minutes));
    process.exitCode = isWell ? 0 : 1;
  } finally {
    await emulator.stop();
  }
}

/** Prints what was seen. @returns whether all is well. */
function report(
  seed: number,
  soaked: number,
  { uploads, faults, deadLetters, worker, broken }: SoakReport,
): boolean {
  if (!worker) throw new Error('No worker was seen: the soak reads /proc, which Linux has.');
  const memory = trendOf(worker.memoryMiB);
  const handles = trendOf(worker.handles);
  const letters = [...deadLetters].map(([code, count]) => `${count} ${code}`).join(', ');
  console.log(
    `seed ${seed}: ${uploads} uploads, ${faults} faults; dead letters: ${letters || 'none'}`,
  );
  console.log(trendText('memory (MiB)', memory));
  console.log(trendText('file handles', handles));
  for (const text of broken) console.log(text);
  const lived = (worker.handles.at(-1)?.minutes ?? 0) - (worker.handles[0]?.minutes ?? 0);
  const isLong = lived >= LEAST_SHARE * soaked;
  console.log(
    `the worker lived ${lived.toFixed(1)} of ${soaked} minutes${isLong ? '' : ': TOO SHORT'}`,
  );
  return broken.length === 0 && isLong && isFlat(memory, FLAT_SHARE) && isFlat(handles, FLAT_SHARE);
}

function trendText(name: string, trend: Trend): string {
  const { perMinute, mean, minutes } = trend;
  const verdict = isFlat(trend, FLAT_SHARE) ? 'flat' : 'NOT FLAT';
  return (
    `${name}: mean ${mean.toFixed(1)}, slope ${perMinute.toFixed(3)} a minute over ` +
    `the last ${minutes.toFixed(1)} minutes: ${verdict}`
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
