import { spawn } from 'node:child_process';
import { awsCalls } from './aws/client';
import { onFirstReceive } from './aws/first-receive';
import { S3OutputObjects, S3SourceObjects } from './aws/s3';
import { SqsDeadLetterQueue, SqsWorkQueue } from './aws/sqs';
import { systemClock } from './clock';
import {
  EnvironmentError,
  type NamedWorkload,
  readEnvironment,
  reserveThreads,
  type WorkerEnvironment,
} from './environment';
import { outputPlans } from './job/manifest';
import { jsonLog } from './log';
import { EXIT_CODES, type SummaryLine } from './log-lines';
import { MetricWriter } from './metrics';
import { Tally } from './tally';
import { createWorker } from './worker';
import { failureCode, type WorkerEnd } from './worker-end';
import type { WorkerPorts } from './worker-options';
import { LateProcessor } from './workload/late-processor';
import type { ProcessLimits, Workload } from './workload/workload';

/** The two files of a workload; the second one is loaded when it is needed. */
export interface WorkloadFiles extends NamedWorkload {
  loadWorkload(): Promise<{ readonly workload: Workload }>;
}

/**
 * The entry of every worker, called with its workload. `--self-test` checks the workload and needs
 * no environment; `--job` is for workloads that do each job in a process of its own; without
 * arguments the worker works.
 */
export function main(files: WorkloadFiles): void {
  run(process.argv.slice(2), files).catch((error: unknown) => {
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CODES.usage);
  });
}

async function run(argv: readonly string[], files: WorkloadFiles): Promise<void> {
  if (argv.length === 0) return work(files);
  if (argv.join(' ') === '--self-test') {
    const { workload } = await files.loadWorkload();
    const isWell = await workload.selfTest((line) => console.log(line));
    process.exitCode = isWell ? EXIT_CODES.ok : EXIT_CODES.error;
    return;
  }
  if (argv.join(' ') === '--job') {
    const { workload } = await files.loadWorkload();
    if (workload.runJob) process.exit(await workload.runJob());
  }
  console.error(
    `Expected no argument or --self-test but received ${argv.join(' ')}; set the environment ` +
      'instead.',
  );
  process.exitCode = EXIT_CODES.usage;
}

/** Composes the worker, runs it until it ends, and leaves with the exit code that says how. */
async function work({ name, recipe, loadWorkload }: WorkloadFiles): Promise<void> {
  const environment = readEnvironment({ name, recipe });
  reserveThreads(environment.maxRenders);
  const log = jsonLog(environment.logLevel);
  const tally = new Tally();
  const metrics = new MetricWriter(tally, environment.metricDimensions, log, systemClock);
  const processor = new LateProcessor(async () => {
    const { workload } = await loadWorkload();
    return workload.createProcessor(environment.recipe, limitsOf(environment));
  });
  const outputs = outputPlans(recipe, environment.recipe);
  const buckets = await portsOf(environment);
  const { shards } = environment;
  const { destination } = buckets;
  const seams = { clock: systemClock, log, tally };
  // Loaded by workers with a dataset alone: no other shall pay for it.
  const parts = shards && (await import('./parts/parts-of-worker'));
  const about = { environment, workload: name, outputs, destination };
  const samples = shards && parts?.partsOf({ ...about, shards, ...seams });
  const ports = { ...buckets, processor, samples };
  const { onInterruption = 'finish' } = recipe;
  const worker = createWorker(ports, { ...environment, outputs, onInterruption }, seams);
  const startedAt = systemClock.now();
  const end = (ended: WorkerEnd) => {
    metrics.stop();
    log('info', summaryOf(ended, tally, (systemClock.now() - startedAt) / 1000));
    leave(ended.exitCode, ended.abandonedJobs);
  };
  process.on('SIGTERM', () => worker.drain());
  process.on('SIGINT', () => worker.drain());
  process.on('uncaughtException', (error) => {
    log('error', { event: 'unexpected', error, stack: error.stack });
    end({ reason: 'error', exitCode: failureCode(tally), abandonedJobs: 1 });
  });
  const { recipe: _recipe, settings: own, ...settings } = environment;
  log('info', {
    event: 'started',
    ...settings,
    ...own,
    renditions: outputs.map(({ name }) => name),
  });
  metrics.start();
  onFirstReceive(() => void processor.load());
  end(await worker.run());
}

async function portsOf(environment: WorkerEnvironment): Promise<Omit<WorkerPorts, 'processor'>> {
  const { s3, sqs } = await awsCalls(environment, environment.awsClient);
  const { expectedBucketOwner, sourceBucket, destinationBucket, queueUrl, deadLetterQueueUrl } =
    environment;
  return {
    queue: new SqsWorkQueue(sqs, queueUrl, environment.visibilityTimeoutSeconds),
    deadLetters: new SqsDeadLetterQueue(sqs, deadLetterQueueUrl),
    sources: new S3SourceObjects(s3, { bucket: sourceBucket, expectedBucketOwner }),
    destination: new S3OutputObjects(s3, { bucket: destinationBucket, expectedBucketOwner }),
  };
}

function limitsOf(environment: WorkerEnvironment): ProcessLimits {
  const { memoryLimitMiB, maxSourceBytes, jobTimeoutSeconds, maxRenders, settings } = environment;
  const limits = { memoryLimitMiB, maxSourceBytes, jobTimeoutSeconds };
  return { ...limits, maxProcesses: maxRenders, settings };
}

function summaryOf(
  { reason, exitCode }: WorkerEnd,
  { counts }: Tally,
  seconds: number,
): SummaryLine {
  return {
    event: 'summary',
    reason,
    done: counts.outcomes.done,
    deadLettered: counts.outcomes['dead-lettered'],
    released: counts.outcomes.released + counts.outcomes.interrupted,
    ...(counts.parts > 0 && { leftOut: counts.outcomes['left-out'], parts: counts.parts }),
    bytes: counts.bytes,
    seconds: Math.round(seconds * 10) / 10,
    peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    exitCode,
  };
}

/** Time that a decoder that is still busy at the exit is given. */
const BUSY_DECODER_SECONDS = 3;

/** Node has it from 22.15 on: https://nodejs.org/api/process.html#processexecvefile-args-env */
type Execve = (file: string, args: readonly string[]) => never;

/**
 * Ends the process. Node joins libuv's threads at its exit, so that a busy decoder would hold it,
 * forever if it hangs. Where there may be one, the process becomes a shell that ends with the same
 * code; a Node that cannot do that has a shell kill it when it is late, and its exit code is then
 * 137.
 */
function leave(exitCode: number, abandonedJobs: number): void {
  if (abandonedJobs > 0) {
    const { execve } = process as { execve?: Execve };
    execve?.('/bin/sh', ['sh', '-c', `exit ${exitCode}`]);
    const script = `sleep ${BUSY_DECODER_SECONDS}; kill -9 ${process.pid}`;
    spawn('/bin/sh', ['-c', script], { detached: true, stdio: 'ignore' }).unref();
  }
  process.exit(exitCode);
}
