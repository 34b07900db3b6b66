import { readMessage } from '../../application-code/worker/src/job/messages';
import type { DeliveryTarget } from '../../contract/delivery';
import type { DeadLetter, DeployPorts } from '../ports';
import { orWarn } from '../report';
import type { CanaryRun } from './canary-run';

/** A dead letter of a sample. */
export interface SampleLetter extends DeadLetter {
  /** Path of the sample below the source prefix. */
  readonly path: string;
}

/** Takes the dead letters of this run. Others belong to another deployer and stay. */
export async function takeDeadLetters(
  ports: DeployPorts,
  target: DeliveryTarget,
  run: CanaryRun,
): Promise<readonly SampleLetter[]> {
  const { canaryDeadLetterQueueUrl: queueUrl } = target;
  const letters = await ports.queues.deadLetters(queueUrl);
  const own = letters.flatMap((letter) => {
    const path = samplePath(letter, target, run);
    return path === undefined ? [] : [{ ...letter, path }];
  });
  for (const { receiptHandle } of own) {
    await orWarn(ports, `deleting a dead letter of run ${run.runId}`, () =>
      ports.queues.remove(queueUrl, receiptHandle),
    );
  }
  return own;
}

/** An event of another run names a key outside the prefix, which makes its entry a fault. */
function samplePath(
  { body }: DeadLetter,
  { sourceBucket }: DeliveryTarget,
  { sourcePrefix }: CanaryRun,
): string | undefined {
  const entries = readMessage(body, { sourceBucket, sourcePrefix });
  const source = entries.find((entry) => entry.kind === 'source');
  return source?.key.slice(sourcePrefix.length);
}

export function letterSentence({ path, faultCode, faultMessage }: SampleLetter): string {
  const said = [faultCode ?? 'Unattributed', faultMessage].filter(Boolean).join(': ');
  return `${path} became a dead letter (${said})`;
}
