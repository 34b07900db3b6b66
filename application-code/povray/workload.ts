import { dirname } from 'node:path';
import { jobWorkload } from '../command/command-workload';
import { JobRejected } from '../command/job-function';
import { hasFakechroot } from './disk';
import { recipe } from './recipe';
import { renderScene } from './render-scene';
import { SceneFault } from './scene-fault';
import { selfTest } from './self-test';

const job = jobWorkload(recipe, async ({ input, output, cpus, signal, log, progress }) => {
  if (!hasFakechroot()) {
    log('libfakechroot is not installed: the scene can open all files that this process can.');
  }
  await renderScene({
    archive: input,
    folder: dirname(input),
    output,
    threads: Math.max(1, Math.floor(cpus)),
    signal,
    onProgress: ({ fraction, text }) => progress(fraction, text),
  }).catch((error: unknown) => {
    throw error instanceof SceneFault ? new JobRejected(error.message) : error;
  });
});

export const workload: typeof job = {
  ...job,
  selfTest: async (write) => (await job.selfTest(write)) && selfTest(write),
};
