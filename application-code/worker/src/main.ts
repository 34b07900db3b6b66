import { spawn } from 'node:child_process';
import { awsCalls } from './aws/client';
import { onFirstReceive } from './aws/first-receive';
import { S3Renditions, S3SourceObjects } from './aws/s3';
import { SqsDeadLetterQueue, SqsWorkQueue } from './aws/sqs';
import { systemClock } from './clock';
import {
  EnvironmentError,
  readEnvironment,
  reserveThreads,
  type WorkerEnvironment,
} from './environment';
import type { Renderer } from './job/ports';
import { LateRenderer } from './late-renderer';
import { jsonLog } from './log';
import { EXIT_CODES, type SummaryLine } from './log-lines';
import { MetricWriter } from './metrics';
import { Tally } from './tally';
import { createWorker, failureCode, type WorkerEnd, type WorkerPorts } from './worker';

/**
 * `--self-test` checks the image side and needs no environment; without arguments the worker works.
 */
async function main(argv: readonly string[]): Promise<void> {
  if (argv.length === 0) return work();
  if (argv.join(' ') === '--self-test') {
    const { selfTest } = await import('../../images/self-test');
    const isWell = await selfTest((line) => console.log(line));
    process.exitCode = isWell ? EXIT_CODES.ok : EXIT_CODES.error;
    return;
  }
  console.error(
    `Expected no argument or --self-test but received ${argv.join(' ')}; set the environment instead.`,
  );
  process.exitCode = EXIT_CODES.usage;
}

/** Composes the worker, runs it until it ends, and leaves with the exit code that says how. */
async function work(): Promise<void> {
  const environment = readEnvironment();
  reserveThreads(environment.maxRenders);
  const log = jsonLog(environment.logLevel);
  const tally = new Tally();
  const metrics = new MetricWriter(tally, environment.metricDimensions, log, systemClock);
  const renderer = new LateRenderer(() => loadRenderer(environment));
  const ports = { ...(await portsOf(environment)), renderer };
  const worker = createWorker(ports, environment, { log, tally });
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
  log('info', { event: 'started', ...settingsOf(environment) });
  metrics.start();
  onFirstReceive(() => void renderer.load());
  end(await worker.run());
}

/** What imports sharp, and with it libvips. */
async function loadRenderer(environment: WorkerEnvironment): Promise<Renderer> {
  const { ImageRenderer } = await import('../../images/render/renderer');
  return new ImageRenderer(environment);
}

async function portsOf(environment: WorkerEnvironment): Promise<Omit<WorkerPorts, 'renderer'>> {
  const { s3, sqs } = await awsCalls(environment, environment.awsClient);
  const { expectedBucketOwner, sourceBucket, destinationBucket, queueUrl, deadLetterQueueUrl } =
    environment;
  return {
    queue: new SqsWorkQueue(sqs, queueUrl, environment.visibilityTimeoutSeconds),
    deadLetters: new SqsDeadLetterQueue(sqs, deadLetterQueueUrl),
    sources: new S3SourceObjects(s3, { bucket: sourceBucket, expectedBucketOwner }),
    renditions: new S3Renditions(s3, { bucket: destinationBucket, expectedBucketOwner }),
  };
}

function settingsOf({ recipe, ...rest }: WorkerEnvironment): Record<string, unknown> {
  return { ...rest, renditions: recipe.map(({ name }) => name) };
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
 * for ever if it hangs. Where there may be one, the process becomes a shell that ends with the same
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

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof EnvironmentError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(EXIT_CODES.usage);
});
