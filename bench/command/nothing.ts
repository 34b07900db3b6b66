import { availableParallelism } from 'node:os';
import type { CommandDefinition } from '../../application-code/command/definition';

/** Of the source objects. */
export const SUFFIX = '.bin';
const JOB_CPUS = 0.1;
/** As many as the worker does by the size of its jobs. */
export const JOBS_AT_A_TIME = Math.floor(availableParallelism() / JOB_CPUS);

/** A program that does nothing but make its output, without which no job is done; it is empty. */
export const NOTHING = {
  argv: ['touch', `output/input${SUFFIX}`],
  suffixes: [SUFFIX],
  jobCpus: JOB_CPUS,
  jobMemoryMiB: 16,
} as const satisfies CommandDefinition;
