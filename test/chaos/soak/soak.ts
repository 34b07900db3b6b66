import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Call } from '../call';
import { type ChaosPipeline, comeToRest, openChaosPipeline } from '../chaos-pipeline';
import { ALL_FAULT_KINDS, FAULT_KINDS } from '../fault-kinds';
import {
  byInjector,
  type Chooser,
  handleWith,
  NO_MOMENTS,
  passOn,
  type Strike,
} from '../fault-proxy';
import { S3_FAULTS } from '../faults/s3-faults';
import { SQS_FAULTS } from '../faults/sqs-faults';
import { History } from '../history';
import { Injector } from '../injector';
import { scalerRun } from '../scaler-runs';
import type { Point } from './slope';
import { Traffic } from './traffic';

const UPLOAD_EVERY_MILLISECONDS = 150;
const LOOK_EVERY_MILLISECONDS = 3_000;
/** Longer than a finished object is left alone. */
const SETTLE_MILLISECONDS = 11_000;
/** Eight attempts of a job, with their growing waits, take four minutes. */
const REST_SECONDS = 400;
/** Of every kind of fault, forever; in outages of up to four requests. */
const RATE = { chance: 0.01, inARow: 4, limit: Number.POSITIVE_INFINITY };
/** Few workers that live long. */
const SETTINGS = {
  maxTasks: 2,
  jobsPerTask: 1_000,
  jobConcurrency: 4,
  maxAttempts: 8,
  spotNoticeSeconds: 3,
  memoryMiB: 2048,
  idleExitSeconds: 30,
};

export interface SoakReport {
  readonly uploads: number;
  readonly faults: number;
  /** How many there were of each code; some come twice. */
  readonly deadLetters: ReadonlyMap<string, number>;
  /** The worker that was there longest. */
  readonly worker: WorkerSamples | undefined;
  /** Empty when every object has its end, and every dead letter its reason. */
  readonly broken: readonly string[];
}

/** Uploads under faults, then lets everything come to rest. */
export async function soak(endpoint: string, seed: number, minutes: number): Promise<SoakReport> {
  const history = new Memoryless();
  const faults = new Switch(seed, history);
  const handlers = {
    worker: handleWith(faults, NO_MOMENTS),
    scaler: passOn,
  };
  const chaos = await openChaosPipeline(endpoint, SETTINGS, handlers, history);
  try {
    const traffic = new Traffic(chaos, SETTINGS.maxAttempts);
    const samples = new Samples();
    const end = Date.now() + minutes * 60_000;
    await Promise.all([
      uploadUntil(end, traffic),
      lookUntil(end, chaos, traffic, samples, history),
    ]);
    faults.isOn = false;
    const broken = await rest(chaos, traffic, history);
    const { uploaded: uploads, deadLetters } = traffic;
    return { uploads, faults: history.strikes, deadLetters, worker: samples.longest, broken };
  } finally {
    await chaos.close();
  }
}

async function uploadUntil(end: number, traffic: Traffic): Promise<void> {
  while (Date.now() < end) {
    await traffic.upload();
    await delay(UPLOAD_EVERY_MILLISECONDS);
  }
}

async function lookUntil(
  end: number,
  chaos: ChaosPipeline,
  traffic: Traffic,
  samples: Samples,
  history: History,
) {
  for (let now = Date.now(); now < end; now = Date.now()) {
    await scalerRun(chaos.pipeline, history, new Date(now));
    await samples.take(await chaos.program.processes());
    await traffic.sweep();
    await delay(LOOK_EVERY_MILLISECONDS);
  }
}

async function rest(chaos: ChaosPipeline, traffic: Traffic, history: History): Promise<string[]> {
  const broken = await comeToRest(chaos, {
    minute: (now) => scalerRun(chaos.pipeline, history, now),
    seconds: REST_SECONDS,
  });
  await delay(SETTLE_MILLISECONDS);
  await traffic.sweep();
  const lost =
    traffic.outstanding.size > 0 ? [`${traffic.outstanding.size} objects have no end`] : [];
  const texts = [...broken, ...traffic.violations].map(({ text, keys }) =>
    [text, ...keys].join(' '),
  );
  return [...texts, ...lost, ...chaos.defects()];
}

/** All faults of a worker's requests, until they are switched off. */
class Switch implements Chooser {
  isOn = true;
  private readonly chooser: Chooser;

  constructor(seed: number, history: History) {
    const kinds = ALL_FAULT_KINDS.filter((kind) => FAULT_KINDS[kind] === 'worker');
    const faults = Object.fromEntries(kinds.map((kind) => [kind, RATE]));
    this.chooser = byInjector(
      [...S3_FAULTS, ...SQS_FAULTS],
      new Injector({ seed, faults }, history),
    );
  }

  choose(call: Call): Strike | undefined {
    return this.isOn ? this.chooser.choose(call) : undefined;
  }
}

/** A history of hours would fill our own memory: the faults are counted, the rest is dropped. */
class Memoryless extends History {
  strikes = 0;

  override add({ fault }: Parameters<History['add']>[0]): (more: string) => void {
    if (fault) this.strikes += 1;
    return () => undefined;
  }
}

/** What one worker held over time. */
export interface WorkerSamples {
  readonly processId: number;
  readonly memoryMiB: Point[];
  readonly handles: Point[];
}

/** Looks at processes by `/proc`, which Linux alone has. */
export class Samples {
  private readonly workers = new Map<number, WorkerSamples>();
  private readonly startedAt = Date.now();

  async take(processIds: readonly number[]): Promise<void> {
    const minutes = (Date.now() - this.startedAt) / 60_000;
    for (const processId of processIds) {
      const seen = await look(processId);
      if (!seen) continue;
      const worker = this.workers.get(processId) ?? { processId, memoryMiB: [], handles: [] };
      this.workers.set(processId, worker);
      worker.memoryMiB.push({ minutes, value: seen.memoryMiB });
      worker.handles.push({ minutes, value: seen.handles });
    }
  }

  /** Of the worker that was seen most often. */
  get longest(): WorkerSamples | undefined {
    return [...this.workers.values()].sort((a, b) => b.handles.length - a.handles.length)[0];
  }
}

/** Undefined for a process that has ended. */
async function look(
  processId: number,
): Promise<{ memoryMiB: number; handles: number } | undefined> {
  try {
    const status = await readFile(`/proc/${processId}/status`, 'utf8');
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    const handles = (await readdir(`/proc/${processId}/fd`)).length;
    return kibibytes === undefined ? undefined : { memoryMiB: Number(kibibytes) / 1024, handles };
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return undefined;
    throw error;
  }
}
