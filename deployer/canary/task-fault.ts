import { EXIT_CODES } from '../../application-code/worker/src/log-lines';
import type { DeliveryTarget } from '../../contract/delivery';
import { CONTAINER_NAME } from '../../contract/variables';
import type { CanaryTask, DeployPorts } from '../ports';
import { messageOf } from '../report';

/** Most lines of a task's output that a reason holds. */
const LOG_LINES = 20;

/** Codes above it are 128 and the number of the signal that ended the process. */
const BY_SIGNAL = 128;

/** The meaning of exit codes: our own worker's, then a shell's. */
const MEANINGS: Readonly<Record<number, string>> = {
  [EXIT_CODES.error]: 'an unexpected error before any job was finished',
  [EXIT_CODES.usage]: 'an environment variable that is missing or wrong',
  [EXIT_CODES.errorAfterProgress]: 'an unexpected error after a job was finished',
  [EXIT_CODES.destinationFailing]: 'a bucket has failed for every object, for minutes',
  126: 'its command cannot be executed',
  127: 'its command does not exist',
  [BY_SIGNAL + 6]: 'it aborted itself (SIGABRT)',
  [BY_SIGNAL + 9]: 'it was killed (SIGKILL), mostly for lack of memory',
  [BY_SIGNAL + 11]: 'it crashed in native code (SIGSEGV)',
};

/** @returns why a task failed, as a sentence without its end; undefined when it ended well. */
export function taskFault({ stopCode, stoppedReason, containers }: CanaryTask): string | undefined {
  const worker = containers.find(({ name }) => name === CONTAINER_NAME);
  if (worker?.exitCode === EXIT_CODES.ok) return undefined;
  const said = [...new Set([stoppedReason, ...containers.map(({ reason }) => reason)])].filter(
    Boolean,
  );
  const because = said.join('; ') || 'ECS gave no reason';
  if (worker?.exitCode === undefined) {
    return stopCode === 'UserInitiated'
      ? `the task was stopped from outside: ${because}`
      : `the task never started: ${because}`;
  }
  const meaning = MEANINGS[worker.exitCode];
  const reasons = [meaning, ...(worker.reason ? [worker.reason] : [])].filter(Boolean).join('; ');
  return `the worker ended with code ${worker.exitCode}${reasons && ` (${reasons})`}`;
}

/**
 * The last lines of the task's output, to stand below a reason, or why they are missing.
 */
export async function lastWords(
  { logs }: Pick<DeployPorts, 'logs'>,
  { workerLogGroup }: DeliveryTarget,
  taskArn: string,
): Promise<string> {
  const stream = `worker/${CONTAINER_NAME}/${taskArn.slice(taskArn.lastIndexOf('/') + 1)}`;
  try {
    const lines = await logs.tail(workerLogGroup, stream, LOG_LINES);
    if (lines.length === 0) return `It wrote nothing yet to ${stream} of ${workerLogGroup}.`;
    return ['Its last lines:', ...lines.map((line) => `  ${line}`)].join('\n');
  } catch (error) {
    return `Its output could not be read (${stream} of ${workerLogGroup}): ${messageOf(error)}`;
  }
}
