import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startEmulator } from '../../../local/emulator/start-emulator';
import { ALL_FAULT_KINDS, FAULT_KINDS } from '../fault-kinds';
import { S3_FAULTS } from '../faults/s3-faults';
import { SQS_FAULTS } from '../faults/sqs-faults';
import { History } from '../history';
import { Injector } from '../injector';
import { byInjector, handleWith } from '../request-fault';
import { comeToRest } from '../rest';
import { scalerRun } from '../scaler-runs';
import { openWorld } from '../world';
import { Samples } from './samples';
import { isFlat, type Trend, trendOf } from './slope';
import { Traffic } from './traffic';

const UPLOAD_EVERY_MILLISECONDS = 150;
const LOOK_EVERY_MILLISECONDS = 3_000;
/** Of every kind of fault, for ever; in outages of up to four requests. */
const RATE = { chance: 0.01, inARow: 4, limit: Number.POSITIVE_INFINITY };
/** Eight attempts of a job, with their growing waits, take four minutes. */
const REST_SECONDS = 400;
/** Growth over the time that was measured, as a share of the mean. */
const FLAT_SHARE = 0.1;
const SETTINGS = {
  maxTasks: 2,
  jobsPerTask: 1_000,
  jobConcurrency: 4,
  maxAttempts: 8,
  spotNoticeSeconds: 3,
  memoryMiB: 2048,
  idleExitSeconds: 30,
};

/** Uploads for so many minutes under faults, and says whether a worker that lives all the time stays as it was. */
async function soak(endpoint: string, minutes: number): Promise<boolean> {
  const seed = randomInt(1_000_000);
  const history = new Memoryless();
  const kinds = ALL_FAULT_KINDS.filter((kind) => FAULT_KINDS[kind] === 'worker');
  const injector = new Injector(
    { seed, faults: Object.fromEntries(kinds.map((kind) => [kind, RATE])) },
    history,
  );
  const moments = { before: async () => true, after: async () => undefined };
  const chooser = byInjector([...S3_FAULTS, ...SQS_FAULTS], injector);
  let isOver = false;
  const worker = handleWith({ choose: (call) => (isOver ? undefined : chooser.choose(call)) }, moments);
  const scaler = handleWith({ choose: () => undefined }, moments);
  const world = await openWorld(endpoint, SETTINGS, { worker, scaler }, history);
  const traffic = new Traffic(world);
  const samples = new Samples();
  try {
    const end = Date.now() + minutes * 60_000;
    await scalerRun(world.pipeline, history, new Date());
    await Promise.all([uploadUntil(end, traffic), lookUntil(end)]);
    isOver = true;
    const broken = await comeToRest({
      world,
      minute: (now) => scalerRun(world.pipeline, history, now),
      hasMore: async () => false,
      seconds: REST_SECONDS,
    });
    await delay(SETTLE_MILLISECONDS);
    await traffic.sweep();
    return report(broken.map(({ text }) => text));
  } finally {
    await world.close();
  }

  async function lookUntil(until: number): Promise<void> {
    for (let now = Date.now(); now < until; now = Date.now()) {
      await scalerRun(world.pipeline, history, new Date(now));
      await samples.take(await world.program.processes());
      await traffic.sweep();
      await delay(LOOK_EVERY_MILLISECONDS);
    }
  }

  function report(broken: readonly string[]): boolean {
    const longest = samples.longest;
    if (!longest) throw new Error('No worker was seen; /proc is needed, which Linux has.');
    const memory = trendOf(longest.memoryMiB);
    const handles = trendOf(longest.handles);
    console.log(
      `seed ${seed}: ${traffic.uploaded} uploads, ${history.strikes} faults, ${traffic.deadLetters} dead letters`,
    );
    console.log(trendText('memory (MiB)', memory));
    console.log(trendText('file handles', handles));
    const lost = traffic.outstanding > 0 ? [`${traffic.outstanding} objects have no end`] : [];
    const all = [...broken, ...lost, ...world.defects()];
    for (const text of all) console.log(text);
    return all.length === 0 && isFlat(memory, FLAT_SHARE) && isFlat(handles, FLAT_SHARE);
  }
}

/** Longer than a finished object is left alone. */
const SETTLE_MILLISECONDS = 11_000;

async function uploadUntil(end: number, traffic: Traffic): Promise<void> {
  while (Date.now() < end) {
    await traffic.upload();
    await delay(UPLOAD_EVERY_MILLISECONDS);
  }
}

function trendText(name: string, trend: Trend): string {
  const { perMinute, mean, minutes } = trend;
  const verdict = isFlat(trend, FLAT_SHARE) ? 'flat' : 'NOT FLAT';
  return `${name}: mean ${mean.toFixed(1)}, slope ${perMinute.toFixed(3)} a minute over the last ${minutes.toFixed(1)} minutes: ${verdict}`;
}

/** A history of hours would fill our own memory: the faults are counted, the rest is let go. */
class Memoryless extends History {
  strikes = 0;

  override add({ fault }: Parameters<History['add']>[0]): (more: string) => void {
    if (fault) this.strikes += 1;
    return () => undefined;
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
  const minutes = Number(values.minutes);
  if (!(minutes >= 1 && minutes <= 1_440)) {
    throw new Error(
      `--minutes must be a number from 1 to 1440, but ${values.minutes} was given: npm run soak -- --minutes 30`,
    );
  }
  const emulator = await startEmulator({ onProgress: (sentence) => console.error(sentence) });
  try {
    process.exitCode = (await soak(emulator.endpoint, minutes)) ? 0 : 1;
  } finally {
    await emulator.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
