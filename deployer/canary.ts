import type { DeliveryTarget } from '../contract/delivery';
import { objectCreatedEvent } from '../contract/object-created-event';
import { runTask, type TaskEnd } from './canary-task';
import { faultOf } from './judge';
import type { Bucket, CanaryLaunch, DeadLetter, Revision } from './ports';
import type { Sample } from './samples';
import { orWarn, type Surroundings } from './surroundings';
import { lastWords, taskFault } from './task-fault';
import { planTrial, type Trial } from './trial';

export interface CanarySettings {
  readonly timeoutSeconds: number;
  readonly samples: readonly Sample[];
}

/** What a canary says of a revision. */
export type Verdict =
  | {
      readonly kind: 'passed';
      readonly samples: number;
      readonly renditions: number;
      readonly seconds: number;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** Two deployers share a canary's queue, and a task of one may receive the samples of the other. */
const MOST_RUNS = 4;

/**
 * Lets one task of a revision process the samples with the real roles and network, and judges what
 * comes out.
 */
export async function runCanary(
  around: Surroundings,
  target: DeliveryTarget,
  revision: Revision,
  settings: CanarySettings,
): Promise<Verdict> {
  let taken = '';
  for (let run = 0; run < MOST_RUNS; run += 1) {
    const trial = await planTrial(target, revision, settings.samples, around.newRunId());
    const verdict = await runOnce(around, target, { revision, trial, settings });
    if (verdict.kind !== 'taken') return verdict;
    taken = verdict.reason;
    around.say(`${target.pipeline}: another canary took samples of this one; trying again`);
  }
  const reason = `its samples were refused as another one's in ${MOST_RUNS} runs: either other canaries of this pipeline took them, which says nothing about the image (run the deploy again when they have ended), or the worker does not honour SOURCE_PREFIX. ${taken}`;
  return { kind: 'refused', reason };
}

/** What one run says; `taken`: nothing, since another canary received the samples. */
type RunVerdict = Verdict | { readonly kind: 'taken'; readonly reason: string };

interface Run {
  readonly revision: Revision;
  readonly trial: Trial;
  readonly settings: CanarySettings;
}

async function runOnce(
  around: Surroundings,
  target: DeliveryTarget,
  run: Run,
): Promise<RunVerdict> {
  const { clock } = around;
  const startedAt = clock.now();
  try {
    await layOut(around, target, run.trial);
    const end = await runTask(around, launchOf(target, run), run.settings);
    const failure = await failureOf(around, target, run, end);
    if (failure) return failure;
    const { sources, expected } = run.trial;
    const seconds = Math.round((clock.now() - startedAt) / 1000);
    return { kind: 'passed', samples: sources.length, renditions: expected.length, seconds };
  } finally {
    await cleanUp(around, target, run.trial);
  }
}

/** The samples, then their events: a task that starts finds all of them. */
async function layOut(
  { objects, queues, clock, signal }: Surroundings,
  target: DeliveryTarget,
  { sources }: Trial,
): Promise<void> {
  const bucket = sourceBucket(target);
  await Promise.all(
    sources.map(({ key, sample }) => objects.put(bucket, key, sample.body, sample.contentType)),
  );
  signal.throwIfAborted();
  const origin = { bucket: bucket.name, configurationId: 'spillway-canary', now: clock.now() };
  const events = sources.map(({ key, sample }) =>
    objectCreatedEvent([{ key, bytes: sample.body.length }], origin),
  );
  await queues.send(target.canaryQueueUrl, events);
}

function launchOf(target: DeliveryTarget, { revision, trial }: Run): CanaryLaunch {
  const { cluster, subnetIds, securityGroupIds, assignPublicIp, pipeline } = target;
  return {
    cluster,
    subnetIds,
    securityGroupIds,
    assignPublicIp,
    pipeline,
    revision: revision.name,
    variables: trial.variables,
    clientToken: `canary-${trial.runId}`,
  };
}

/** @returns undefined when the canary passed. */
async function failureOf(
  around: Surroundings,
  target: DeliveryTarget,
  { trial, settings }: Run,
  end: TaskEnd,
): Promise<Exclude<RunVerdict, { kind: 'passed' }> | undefined> {
  if (end.kind === 'not-launched') {
    return refused(
      `the canary's task could not be launched, which is no fault of the image: ${end.because}`,
    );
  }
  const fault =
    end.kind === 'late'
      ? `the worker did not end within ${settings.timeoutSeconds} seconds, was stopped`
      : taskFault(end.task);
  if (fault) {
    await orWarn(around, `clearing the dead letters of run ${trial.runId}`, () =>
      takeDeadLetters(around, target, trial),
    );
    return refused(`${fault}. ${await lastWords(around, target, end.taskArn)}`);
  }
  const faults = await judgeAll(around, target, trial);
  const letters = await takeDeadLetters(around, target, trial);
  const own = letters.filter(({ faultCode }) => faultCode !== TAKEN_BY_ANOTHER);
  if (own.length > 0) return refused(some(own.map(letterSentence)));
  if (faults.length === 0) return undefined;
  return letters.length > 0
    ? { kind: 'taken', reason: some(letters.map(letterSentence)) }
    : refused(some(faults));
}

const refused = (reason: string) => ({ kind: 'refused', reason }) as const;

/** What a worker says of a source that lies outside its own run's prefix. */
const TAKEN_BY_ANOTHER = 'UnexpectedSource';

async function judgeAll({ objects }: Surroundings, target: DeliveryTarget, { expected }: Trial) {
  const bucket = { name: target.destinationBucket, accountId: target.accountId };
  const faults: string[] = [];
  for (const rendition of expected) {
    const fault = await faultOf(rendition, await objects.get(bucket, rendition.key));
    if (fault) faults.push(fault);
  }
  return faults;
}

/** Those of this run, of which every key holds the id; others are another deployer's. */
async function takeDeadLetters(around: Surroundings, target: DeliveryTarget, { runId }: Trial) {
  const { canaryDeadLetterQueueUrl: queueUrl } = target;
  const letters = await around.queues.deadLetters(queueUrl);
  const own = letters.filter(({ body }) => body.includes(runId));
  for (const { receiptHandle } of own) {
    await orWarn(around, `deleting a dead letter of run ${runId}`, () =>
      around.queues.remove(queueUrl, receiptHandle),
    );
  }
  return own;
}

function letterSentence({ faultCode, faultMessage, body }: DeadLetter): string {
  const said = [faultCode ?? 'Unattributed', faultMessage].filter(Boolean).join(': ');
  const name = /"key":"[^"]*\/([^"/]+)"/.exec(body)?.[1] ?? 'a sample';
  return `${decodeURIComponent(name.replaceAll('+', ' '))} became a dead letter (${said})`;
}

/** Most faults that a reason tells one by one. */
const TOLD = 5;

function some(faults: readonly string[]): string {
  const more = faults.length - TOLD;
  return [...faults.slice(0, TOLD), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** What it leaves, a rule of the buckets clears in time. */
async function cleanUp(
  around: Surroundings,
  target: DeliveryTarget,
  { prefix }: Trial,
): Promise<void> {
  const { objects } = around;
  const { accountId, destinationBucket } = target;
  for (const bucket of [sourceBucket(target), { name: destinationBucket, accountId }]) {
    await orWarn(around, `clearing ${prefix} of ${bucket.name}`, async () => {
      const keys = await objects.keys(bucket, prefix);
      await Promise.all(keys.map((key) => objects.remove(bucket, key)));
    });
  }
}

function sourceBucket({ sourceBucket: name, accountId }: DeliveryTarget): Bucket {
  return { name, accountId };
}
