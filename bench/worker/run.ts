import { spawn } from 'node:child_process';
import { costOf } from '../process-cost';
import { baseVariables, drainQueue, end, pidOf, type QueueRun, told } from '../queue-run';
import type { Certificate } from '../tls';
import { type BenchCase, WARM_UP_SHARE } from './cases';
import type { Subject } from './subjects';

/** What one subject took for one case. */
export interface Figures {
  readonly files: number;
  readonly seconds: number;
  readonly cpuMilliseconds: number;
  /** Of the whole process, its start and warm-up included. */
  readonly peakRssMiB: number;
  /** None for who needs no AWS. */
  readonly requests: Readonly<Record<string, number>>;
  /** From the start of the process to its first receive and first write; none without AWS. */
  readonly start?: { readonly receiveMilliseconds: number; readonly writeMilliseconds: number };
}

export interface RunOptions {
  /** Holds the pictures of the case. */
  readonly folder: string;
  readonly files: number;
  readonly tls?: Certificate;
}

/** Runs one subject in a process of its own; all but sharp alone drain a queue. */
export async function runSubject(
  subject: Subject,
  one: BenchCase,
  options: RunOptions,
): Promise<Figures> {
  return subject.name === 'sharp'
    ? runWithoutAws(subject, one, options)
    : runOnFake(subject, one, options);
}

const warmUpOf = (files: number) => Math.max(10, Math.round(files * WARM_UP_SHARE));
const recipeOf = ({ recipe }: BenchCase) => ({ RECIPE: JSON.stringify(recipe) });

async function runWithoutAws(
  subject: Subject,
  one: BenchCase,
  { folder, files }: RunOptions,
): Promise<Figures> {
  const child = spawn(subject.command, subject.args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...baseVariables(), ...recipeOf(one), ...subject.variables, PICTURES: folder },
  });
  try {
    await told(child, subject.title);
    const render = async (count: number) => {
      child.send({ files: count });
      return (await told(child, subject.title)) as { seconds: number };
    };
    await render(warmUpOf(files));
    const before = costOf(pidOf(child));
    const { seconds } = await render(files);
    return figuresOf(files, seconds, { before, after: costOf(pidOf(child)) });
  } finally {
    await end(child);
  }
}

async function runOnFake(subject: Subject, one: BenchCase, options: RunOptions): Promise<Figures> {
  const { files } = options;
  const variables = { ...recipeOf(one), ...subject.variables };
  const run = await drainQueue(
    { ...subject, variables },
    {
      ...options,
      warmUp: warmUpOf(files),
      outputsPerFile: one.recipe.length,
      roundTripMilliseconds: one.roundTripMilliseconds,
    },
  );
  const { startedAt, warmUp, measured } = run;
  return {
    ...figuresOf(files, measured.seconds, run),
    requests: measured.requests,
    start: {
      receiveMilliseconds: warmUp.firstReceiveAt - startedAt,
      writeMilliseconds: warmUp.firstWriteAt - startedAt,
    },
  };
}

function figuresOf(
  files: number,
  seconds: number,
  { before, after }: Pick<QueueRun, 'before' | 'after'>,
): Figures {
  const cpuMilliseconds = after.cpuMilliseconds - before.cpuMilliseconds;
  return { files, seconds, cpuMilliseconds, peakRssMiB: after.peakRssMiB, requests: {} };
}
