import type { DeliveryTarget } from '../../contract/delivery';
import type { CanaryLaunch, DeployPorts, Revision } from '../ports';
import { orWarn } from '../report';
import { variablesOf } from '../revisions/candidate';
import { letterSentence, takeDeadLetters } from './canary-letters';
import { type CanaryRun, cleanUp, layOut, outputReader, overridesOf, planRun } from './canary-run';
import { runTask, type TaskEnd } from './canary-task';
import { lastWords, taskFault } from './task-fault';
import { loadCanary } from './workload-canary';

export interface CanarySettings {
  readonly timeoutSeconds: number;
}

/** The judgement of a canary about a revision. */
export type CanaryResult =
  | {
      readonly kind: 'passed';
      readonly samples: number;
      readonly outputs: number;
      readonly seconds: number;
    }
  | Refusal;

interface Refusal {
  readonly kind: 'refused';
  readonly reason: string;
}

/** Two deployers share a canary's queue, and a task of one may receive the samples of the other. */
const MOST_RUNS = 4;

/**
 * Lets one task of a revision process the samples with the real roles and network, and judges what
 * comes out.
 */
export async function runCanary(
  ports: DeployPorts,
  target: DeliveryTarget,
  revision: Revision,
  { timeoutSeconds }: CanarySettings,
): Promise<CanaryResult> {
  const environment = variablesOf(revision);
  const canary = await loadCanary(environment.WORKLOAD);
  const trial = await canary.prepare(environment);
  let taken = '';
  for (let run = 0; run < MOST_RUNS; run += 1) {
    const plan = { revision, trial, timeoutSeconds, runId: ports.newRunId() };
    const result = await runOnce(ports, target, planRun(target, plan));
    if (result.kind !== 'taken') return result;
    taken = result.reason;
    ports.say(`${target.pipeline}: another canary took samples of this one; trying again`);
  }
  return refused(
    `its samples were refused as another one's in ${MOST_RUNS} runs: either other canaries of ` +
      'this pipeline took them, which says nothing about the image (run the deploy again when ' +
      `they have ended), or the worker does not honour SOURCE_PREFIX. ${taken}`,
  );
}

/** The result of one run; `taken`: none, since another canary received the samples. */
type RunResult = CanaryResult | { readonly kind: 'taken'; readonly reason: string };

async function runOnce(
  ports: DeployPorts,
  target: DeliveryTarget,
  run: CanaryRun,
): Promise<RunResult> {
  const { clock } = ports;
  const startedAt = clock.now();
  try {
    await layOut(ports, target, run);
    const end = await runTask(ports, launchOf(target, run), run);
    const fault = await taskRefusal(ports, target, run, end);
    if (fault) return fault;
    const seconds = Math.round((clock.now() - startedAt) / 1000);
    return await judge(ports, target, run, seconds);
  } finally {
    await cleanUp(ports, target, run);
  }
}

function launchOf(target: DeliveryTarget, run: CanaryRun): CanaryLaunch {
  const { cluster, subnetIds, securityGroupIds, assignPublicIp, pipeline } = target;
  return {
    cluster,
    subnetIds,
    securityGroupIds,
    assignPublicIp,
    pipeline,
    revision: run.revision.name,
    variables: overridesOf(target, run),
    clientToken: `canary-${run.runId}`,
  };
}

/** @returns undefined when the task ended well. */
async function taskRefusal(
  ports: DeployPorts,
  target: DeliveryTarget,
  run: CanaryRun,
  end: TaskEnd,
): Promise<Refusal | undefined> {
  if (end.kind === 'not-launched') {
    return refused(
      `the canary's task could not be launched, which is no fault of the image: ${end.because}`,
    );
  }
  const fault =
    end.kind === 'late'
      ? `the worker did not end within ${run.timeoutSeconds} seconds, was stopped; where its ` +
        'samples take longer, take smaller ones or raise delivery.canaryTimeoutMinutes'
      : taskFault(end.task);
  if (!fault) return undefined;
  await orWarn(ports, `clearing the dead letters of run ${run.runId}`, () =>
    takeDeadLetters(ports, target, run),
  );
  return refused(`${fault}. ${await lastWords(ports, target, end.taskArn)}`);
}

/** Fault code of a worker for a source that lies outside its own run's prefix. */
const TAKEN_BY_ANOTHER = 'UnexpectedSource';

/** Judges what a task left that ended well. */
async function judge(
  ports: DeployPorts,
  target: DeliveryTarget,
  run: CanaryRun,
  seconds: number,
): Promise<RunResult> {
  const { samples } = run.trial;
  const read = outputReader(ports, target, run);
  let outputs = 0;
  const faults = await run.trial.judge(async (path) => {
    const output = await read(path);
    outputs += output ? 1 : 0;
    return output;
  });
  const letters = await takeDeadLetters(ports, target, run);
  const own = letters.filter(({ faultCode }) => faultCode !== TAKEN_BY_ANOTHER);
  if (own.length > 0) return refused(some(own.map(letterSentence)));
  if (faults.length === 0) return { kind: 'passed', samples: samples.length, outputs, seconds };
  return letters.length > 0
    ? { kind: 'taken', reason: some(letters.map(letterSentence)) }
    : refused(some(faults));
}

const refused = (reason: string): Refusal => ({ kind: 'refused', reason });

/** Most faults that a reason names. */
const MOST_NAMED = 5;

function some(faults: readonly string[]): string {
  const more = faults.length - MOST_NAMED;
  return [...faults.slice(0, MOST_NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
