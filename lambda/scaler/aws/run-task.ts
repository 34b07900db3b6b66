import {
  type ECSClient,
  type Failure,
  RunTaskCommand,
  type RunTaskCommandOutput,
} from '@aws-sdk/client-ecs';
import { type LaunchBatch, type LaunchResult, NOTHING_LAUNCHED } from '../ports';
import { type FailureKind, kindOfError, kindOfReason } from './launch-failure';
import type { TaskSettings } from './tasks';

/** Launches one batch by one RunTask call and counts what became of it. */
export async function runTask(
  client: ECSClient,
  settings: TaskSettings,
  batch: LaunchBatch,
): Promise<LaunchResult> {
  let answer: RunTaskCommandOutput;
  try {
    answer = await client.send(new RunTaskCommand(request(settings, batch)));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'ConflictException')
      return { ...NOTHING_LAUNCHED, alreadyLaunched: batch.count };
    const reasons = [`${error.name}: ${error.message}`];
    return { ...NOTHING_LAUNCHED, [kindOfError(error)]: batch.count, reasons };
  }
  return count(answer, batch.count);
}

/**
 * The strategy names one provider: base and weights have been applied to the whole fleet before.
 */
function request(settings: TaskSettings, batch: LaunchBatch) {
  const { securityGroups, assignPublicIp } = settings;
  return {
    cluster: settings.cluster,
    taskDefinition: batch.taskDefinition,
    count: batch.count,
    clientToken: batch.clientToken,
    startedBy: settings.startedBy,
    capacityProviderStrategy: [{ capacityProvider: batch.capacityProvider, weight: 1 }],
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [...batch.subnets],
        securityGroups: [...securityGroups],
        assignPublicIp,
      },
    },
    propagateTags: 'TASK_DEFINITION' as const,
    ...overridesOf(settings, batch),
    // The revision brings its own tags; the same ones again could be refused, no document says.
    enableECSManagedTags: true,
  };
}

function overridesOf({ containerName }: TaskSettings, { variables }: LaunchBatch) {
  const environment = Object.entries(variables).map(([name, value]) => ({ name, value }));
  if (environment.length === 0) return {};
  return { overrides: { containerOverrides: [{ name: containerName, environment }] } };
}

/**
 * What is neither launched nor listed as a failure counts with the failures there are, the gravest
 * first.
 */
function count(answer: RunTaskCommandOutput, asked: number): LaunchResult {
  const launched = answer.tasks?.length ?? 0;
  const reasons = [...new Set((answer.failures ?? []).map((failure) => sentence(failure)))];
  const missing = Math.max(0, asked - launched);
  if (missing === 0) return { ...NOTHING_LAUNCHED, launched, reasons };
  const kinds = new Set(
    (answer.failures ?? []).map((failure) => kindOfReason(failure.reason ?? '')),
  );
  const kind: FailureKind = ORDER.find((candidate) => kinds.has(candidate)) ?? 'retryable';
  return { ...NOTHING_LAUNCHED, launched, [kind]: missing, reasons };
}

const ORDER: readonly FailureKind[] = ['lackOfCapacity', 'permanent', 'overQuota', 'retryable'];

function sentence({ reason = 'no reason given', detail }: Failure): string {
  return detail ? `${reason}: ${detail}` : reason;
}
