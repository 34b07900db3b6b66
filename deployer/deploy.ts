import type { DeliveryTarget } from '../contract/delivery';
import type { Verdict } from './canary';
import type { Environment } from './environment';
import { tellOutcome } from './outcome';
import type { Revision } from './ports';
import { type Prepared, prepare } from './prepare';
import { type Promotion, promote } from './promote';
import { prune } from './prune';
import { messageOf, orWarn, type Surroundings } from './surroundings';

/** Times that the world may change under a deploy before it gives up. */
const MOST_ROUNDS = 10;

export type DeployRequest = Pick<
  Environment,
  'deliveryPaths' | 'digests' | 'commit' | 'keptRevisions'
>;

/** Tries a candidate on its pipeline. */
export type Canary = (target: DeliveryTarget, candidate: Revision) => Promise<Verdict>;

/**
 * Brings the newest template and image of every pipeline to its fleet: candidate, canary,
 * promotion. A build brings one image to all of them: nothing is promoted unless every canary
 * passes. A redeploy brings settings, which are each pipeline's own: one that is refused keeps no
 * other back.
 * @returns whether all is well.
 */
export async function deploy(
  around: Surroundings,
  request: DeployRequest,
  canary: Canary,
): Promise<boolean> {
  const { deliveryPaths, digests } = request;
  const isBuild = Object.keys(digests).length > 0;
  const groups = isBuild ? [deliveryPaths] : deliveryPaths.map((path) => [path]);
  const ends = await Promise.all(
    groups.map((paths) => deployTogether(around, request, paths, canary)),
  );
  return ends.every(Boolean);
}

/** A round starts over for the pipelines under which the world changed meanwhile. */
async function deployTogether(
  around: Surroundings,
  request: DeployRequest,
  deliveryPaths: readonly string[],
  canary: Canary,
): Promise<boolean> {
  let paths = deliveryPaths;
  let isWell = true;
  for (let round = 0; paths.length > 0 && round < MOST_ROUNDS; round += 1) {
    const played = await playRound(around, request, paths, canary);
    paths = played.again;
    isWell &&= played.isWell;
  }
  for (const deliveryPath of paths) {
    const reason = `template or image changed ${MOST_ROUNDS} times during this deploy; run it again when the others have ended`;
    await refuse(around, deliveryPath, { reason });
  }
  return isWell && paths.length === 0;
}

interface Round {
  readonly isWell: boolean;
  /** `deliveryPath` of the pipelines that must start over. */
  readonly again: readonly string[];
}

async function playRound(
  around: Surroundings,
  request: DeployRequest,
  paths: readonly string[],
  canary: Canary,
): Promise<Round> {
  const tried = await Promise.all(paths.map((path) => attempt(around, request, path, canary)));
  const refusals = tried.filter((one) => one.kind === 'refused');
  const passed = tried.filter((one) => one.kind === 'passed').map(({ prepared }) => prepared);
  if (refusals.length === 0) return promoteAll(around, request, passed);
  for (const { deliveryPath, ...refusal } of refusals) await refuse(around, deliveryPath, refusal);
  for (const prepared of passed) {
    const reason =
      'its own canary passed, but another pipeline was refused, and so nothing was promoted';
    await refuse(around, prepared.deliveryPath, { reason, candidate: prepared });
  }
  return { isWell: false, again: [] };
}

type Attempt =
  | { readonly kind: 'nothing-to-do' }
  | { readonly kind: 'passed'; readonly prepared: Prepared }
  | {
      readonly kind: 'refused';
      readonly deliveryPath: string;
      readonly candidate?: Prepared;
      readonly reason: string;
    };

/**
 * Candidate and canary of one pipeline. Whatever goes wrong is a reason, so that the other
 * pipelines hear of it.
 */
async function attempt(
  around: Surroundings,
  request: DeployRequest,
  deliveryPath: string,
  canary: Canary,
): Promise<Attempt> {
  let candidate: Prepared | undefined;
  try {
    around.signal.throwIfAborted();
    const prepared = await prepare(around, request, deliveryPath);
    if (prepared === 'nothing-to-do') return { kind: prepared };
    candidate = prepared;
    const verdict = await canary(prepared.target, prepared.candidate);
    if (verdict.kind === 'refused') return { ...verdict, deliveryPath, candidate };
    around.say(`${prepared.target.pipeline}: ${passedSentence(verdict)}`);
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
}: Verdict & { readonly kind: 'passed' }): string {
  return `canary passed in ${seconds} s: ${samples} samples, ${outputs} outputs`;
}

async function promoteAll(
  around: Surroundings,
  request: DeployRequest,
  passed: readonly Prepared[],
): Promise<Round> {
  const again: string[] = [];
  let isWell = true;
  for (const prepared of passed) {
    try {
      around.signal.throwIfAborted();
      const promotion = await promote(around, prepared);
      if (promotion.kind === 'again') again.push(await startOver(around, prepared, promotion));
      else await finish(around, request, prepared);
    } catch (error) {
      isWell = false;
      await failPromotion(around, prepared, messageOf(error));
    }
  }
  return { isWell, again };
}

async function startOver(
  around: Surroundings,
  { target, candidate, deliveryPath }: Prepared,
  { because, isPromoted }: Promotion & { readonly kind: 'again' },
): Promise<string> {
  around.say(`${target.pipeline}: starting over, ${because}`);
  if (isPromoted)
    await tellOutcome(around, deliveryPath, { result: 'promoted', revision: candidate.name });
  else await deregister(around, candidate.name);
  return deliveryPath;
}

async function finish(
  around: Surroundings,
  request: DeployRequest,
  prepared: Prepared,
): Promise<void> {
  const { target, candidate, deliveryPath } = prepared;
  around.say(`${target.pipeline}: promoted ${candidate.name}`);
  await tellOutcome(around, deliveryPath, { result: 'promoted', revision: candidate.name });
  await orWarn(around, `${target.pipeline}: deregistering old revisions`, async () => {
    const count = await prune(around, target, request.keptRevisions);
    if (count > 0) around.say(`${target.pipeline}: old revisions deregistered: ${count}`);
  });
}

/**
 * The write may have arrived although its answer did not: a candidate that may be promoted is left
 * registered.
 */
async function failPromotion(
  around: Surroundings,
  { target, candidate, deliveryPath }: Prepared,
  why: string,
) {
  const reason = `the canary passed, but the promotion failed: ${why}`;
  around.say(`${target.pipeline}: ${reason}`);
  await tellOutcome(around, deliveryPath, { result: 'refused', revision: candidate.name, reason });
}

async function refuse(
  around: Surroundings,
  deliveryPath: string,
  { reason, candidate }: { readonly reason: string; readonly candidate?: Prepared },
): Promise<void> {
  const revision = candidate?.candidate.name;
  around.say(
    `${candidate?.target.pipeline ?? deliveryPath}: refused${revision ? ` ${revision}` : ''}: ${reason}`,
  );
  if (revision) await deregister(around, revision);
  await tellOutcome(around, deliveryPath, {
    result: 'refused',
    reason,
    ...(revision && { revision }),
  });
}

async function deregister(around: Surroundings, revision: string): Promise<void> {
  await orWarn(around, `deregistering ${revision}`, () =>
    around.taskDefinitions.deregister(revision),
  );
}
