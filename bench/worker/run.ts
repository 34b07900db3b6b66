import { spawn } from 'node:child_process';
import { costOf } from '../process-cost';
import { baseVariables, end, pidOf, type QueueRun, startProgram, told } from '../queue-run';
import type { Certificate } from '../tls';
import { type BenchCase, WARM_UP_SHARE } from './cases';
import type { Subject } from './subjects';

/** What one subject took for one round of a case. */
export interface Figures {
  readonly files: number;
  readonly seconds: number;
  readonly cpuMilliseconds: number;
  /** Of the whole process, its start, its warm-up and the rounds before included. */
  readonly peakRssMiB: number;
  /** None for who needs no AWS. */
  readonly requests: Readonly<Record<string, number>>;
}

export interface RunOptions {
  /** Holds the pictures of the case. */
  readonly folder: string;
  /** In each round. */
  readonly files: number;
  readonly rounds: number;
  readonly tls?: Certificate;
}

/** A subject that is warm and idle until its next round. */
export interface RunningSubject {
  round(): Promise<Figures>;
  close(): Promise<void>;
}

/** Longer than all others take for a round: the worker must wait for its turn. */
const IDLE_EXIT = { IDLE_EXIT_SECONDS: '600' };

/** Starts a subject in a process of its own; all but sharp alone drain a queue. */
export function startSubject(
  subject: Subject,
  one: BenchCase,
  options: RunOptions,
): Promise<RunningSubject> {
  return subject.name === 'sharp'
    ? startWithoutAws(subject, one, options)
    : startOnFake(subject, one, options);
}

const warmUpOf = (files: number) => Math.max(10, Math.round(files * WARM_UP_SHARE));
const recipeOf = ({ recipe }: BenchCase) => ({ RECIPE: JSON.stringify(recipe) });

async function startWithoutAws(
  subject: Subject,
  one: BenchCase,
  { folder, files }: RunOptions,
): Promise<RunningSubject> {
  const child = spawn(subject.command, subject.args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...baseVariables(), ...recipeOf(one), ...subject.variables, PICTURES: folder },
  });
  const render = async (count: number) => {
    child.send({ files: count });
    return (await told(child, subject.title)) as { seconds: number };
  };
  const round = async () => {
    const before = costOf(pidOf(child));
    const { seconds } = await render(files);
    return figuresOf(files, seconds, { before, after: costOf(pidOf(child)) });
  };
  const close = () => end(child);
  try {
    await told(child, subject.title);
    await render(warmUpOf(files));
    return { round, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startOnFake(
  subject: Subject,
  one: BenchCase,
  options: RunOptions,
): Promise<RunningSubject> {
  const { files, rounds } = options;
  const variables = { ...recipeOf(one), ...IDLE_EXIT, ...subject.variables };
  const { drain, close } = await startProgram(
    { ...subject, variables },
    {
      ...options,
      warmUp: warmUpOf(files),
      files: files * rounds,
      outputsPerFile: one.recipe.length,
      roundTripMilliseconds: one.roundTripMilliseconds,
    },
  );
  const round = async () => {
    const run = await drain(files);
    return {
      ...figuresOf(files, run.measured.seconds, run),
      requests: run.measured.requests,
    };
  };
  return { round, close };
}

function figuresOf(
  files: number,
  seconds: number,
  { before, after }: Pick<QueueRun, 'before' | 'after'>,
): Figures {
  const cpuMilliseconds = after.cpuMilliseconds - before.cpuMilliseconds;
  return { files, seconds, cpuMilliseconds, peakRssMiB: after.peakRssMiB, requests: {} };
}
