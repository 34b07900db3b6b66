import type { DeliveryTarget } from '../contract/delivery';
import type { CanaryResult } from './canary/canary';
import type { Environment } from './environment';
import type { DeployPorts, Revision } from './ports';
import { type PreparedCandidate, prepare } from './prepare';
import { type Promotion, promote } from './promote';
import { messageOf, orWarn, writeOutcome } from './report';
import { prune } from './revisions/revisions';
import { readTarget } from './target';

/** Rounds of a deploy before it gives up, because template or image keep changing. */
const MOST_ROUNDS = 10;

export type DeployRequest = Pick<
  Environment,
  'deliveryPaths' | 'digests' | 'commit' | 'keptRevisions'
>;

/** Tries a candidate on its pipeline. */
export type Canary = (target: DeliveryTarget, candidate: Revision) => Promise<CanaryResult>;

/**
 * Brings the newest template and image of every pipeline to its fleet: candidate, canary,
 * promotion. A build brings one image to all pipelines of a workload: none of them is promoted
 * unless every canary of the workload passes. A redeploy brings the settings of each pipeline: a
 * refused pipeline stops no other one.
 * @returns whether all is well.
 */
export async function deploy(
  ports: DeployPorts,
  request: DeployRequest,
  canary: Canary,
): Promise<boolean> {
  const { deliveryPaths, digests } = request;
  const isBuild = Object.keys(digests).length > 0;
  const groups = isBuild
    ? await byWorkload(ports, deliveryPaths)
    : deliveryPaths.map((path) => [path]);
  const ends = await Promise.all(
    groups.map((paths) => deployTogether(ports, request, paths, canary)),
  );
  return ends.every(Boolean);
}

/** The pipelines of each workload; one that says none that can be read is alone, and refused. */
async function byWorkload(
  { parameters }: DeployPorts,
  deliveryPaths: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const groups = new Map<string, string[]>();
  for (const path of deliveryPaths) {
    const read = readTarget(parameters, path);
    const workload = await read.then(
      ({ target }) => target.workload,
      () => path,
    );
    groups.set(workload, [...(groups.get(workload) ?? []), path]);
  }
  return [...groups.values()];
}

/** Another round is for the pipelines whose template or image changed meanwhile. */
async function deployTogether(
  ports: DeployPorts,
  request: DeployRequest,
  deliveryPaths: readonly string[],
  canary: Canary,
): Promise<boolean> {
  let paths = deliveryPaths;
  let isWell = true;
  for (let round = 0; paths.length > 0 && round < MOST_ROUNDS; round += 1) {
    const played = await playRound(ports, request, paths, canary);
    paths = played.again;
    isWell &&= played.isWell;
  }
  for (const deliveryPath of paths) {
    const reason =
      `template or image changed ${MOST_ROUNDS} times during this deploy; run it again when ` +
      'the others have ended';
    await refuse(ports, deliveryPath, { reason });
  }
  return isWell && paths.length === 0;
}

interface Round {
  readonly isWell: boolean;
  /** `deliveryPath` of the pipelines that must start over. */
  readonly again: readonly string[];
}

async function playRound(
  ports: DeployPorts,
  request: DeployRequest,
  paths: readonly string[],
  canary: Canary,
): Promise<Round> {
  const tried = await Promise.all(paths.map((path) => attempt(ports, request, path, canary)));
  const refusals = tried.filter((one) => one.kind === 'refused');
  const passed = tried.filter((one) => one.kind === 'passed').map(({ prepared }) => prepared);
  if (refusals.length === 0) return promoteAll(ports, request, passed);
  for (const { deliveryPath, ...refusal } of refusals) await refuse(ports, deliveryPath, refusal);
  for (const prepared of passed) {
    const reason =
      'its own canary passed, but another pipeline was refused, and so nothing was promoted';
    await refuse(ports, prepared.deliveryPath, { reason, candidate: prepared });
  }
  return { isWell: false, again: [] };
}

type Attempt =
  | { readonly kind: 'nothing-to-do' }
  | { readonly kind: 'passed'; readonly prepared: PreparedCandidate }
  | {
      readonly kind: 'refused';
      readonly deliveryPath: string;
      readonly candidate?: PreparedCandidate;
      readonly reason: string;
    };

/**
 * Candidate and canary of one pipeline. An error is a refusal, so that the other pipelines of the
 * build are refused, too.
 */
async function attempt(
  ports: DeployPorts,
  request: DeployRequest,
  deliveryPath: string,
  canary: Canary,
): Promise<Attempt> {
  let candidate: PreparedCandidate | undefined;
  try {
    ports.signal.throwIfAborted();
    const prepared = await prepare(ports, request, deliveryPath);
    if (prepared === 'nothing-to-do') return { kind: prepared };
    candidate = prepared;
    const result = await canary(prepared.target, prepared.candidate);
    if (result.kind === 'refused') return { ...result, deliveryPath, candidate };
    ports.say(`${prepared.target.pipeline}: ${passedSentence(result)}`);
    return { kind: 'passed', prepared };
  } catch (error) {
    return {
      kind: 'refused',
      deliveryPath,
      ...(candidate && { candidate }),
      reason: messageOf(error),
    };
  }
}

function passedSentence({
  seconds,
  samples,
  outputs,
}: CanaryResult & { readonly kind: 'passed' }): string {
  return `canary passed in ${seconds} s: ${samples} samples, ${outputs} outputs`;
}

async function promoteAll(
  ports: DeployPorts,
  request: DeployRequest,
  passed: readonly PreparedCandidate[],
): Promise<Round> {
  const again: string[] = [];
  let isWell = true;
  for (const prepared of passed) {
    try {
      ports.signal.throwIfAborted();
      const promotion = await promote(ports, prepared);
      if (promotion.kind === 'again') again.push(await startOver(ports, prepared, promotion));
      else await finish(ports, request, prepared);
    } catch (error) {
      isWell = false;
      await failPromotion(ports, prepared, messageOf(error));
    }
  }
  return { isWell, again };
}

async function startOver(
  ports: DeployPorts,
  { target, candidate, deliveryPath }: PreparedCandidate,
  { because, isPromoted }: Promotion & { readonly kind: 'again' },
): Promise<string> {
  ports.say(`${target.pipeline}: starting over, ${because}`);
  if (isPromoted)
    await writeOutcome(ports, deliveryPath, { result: 'promoted', revision: candidate.name });
  else await deregister(ports, candidate.name);
  return deliveryPath;
}

async function finish(
  ports: DeployPorts,
  request: DeployRequest,
  prepared: PreparedCandidate,
): Promise<void> {
  const { target, candidate, deliveryPath } = prepared;
  ports.say(`${target.pipeline}: promoted ${candidate.name}`);
  await writeOutcome(ports, deliveryPath, { result: 'promoted', revision: candidate.name });
  await orWarn(ports, `${target.pipeline}: deregistering old revisions`, async () => {
    const count = await prune(ports, target, request.keptRevisions);
    if (count > 0) ports.say(`${target.pipeline}: old revisions deregistered: ${count}`);
  });
}

/**
 * The write may have arrived although its response did not. So the candidate stays registered: it
 * may be promoted.
 */
async function failPromotion(
  ports: DeployPorts,
  { target, candidate, deliveryPath }: PreparedCandidate,
  why: string,
) {
  const reason = `the canary passed, but the promotion failed: ${why}`;
  ports.say(`${target.pipeline}: ${reason}`);
  await writeOutcome(ports, deliveryPath, { result: 'refused', revision: candidate.name, reason });
}

async function refuse(
  ports: DeployPorts,
  deliveryPath: string,
  { reason, candidate }: { readonly reason: string; readonly candidate?: PreparedCandidate },
): Promise<void> {
  const revision = candidate?.candidate.name;
  const name = candidate?.target.pipeline ?? deliveryPath;
  ports.say(`${name}: refused${revision ? ` ${revision}` : ''}: ${reason}`);
  if (revision) await deregister(ports, revision);
  await writeOutcome(ports, deliveryPath, {
    result: 'refused',
    reason,
    ...(revision && { revision }),
  });
}

async function deregister(ports: DeployPorts, revision: string): Promise<void> {
  await orWarn(ports, `deregistering ${revision}`, () =>
    ports.taskDefinitions.deregister(revision),
  );
}
