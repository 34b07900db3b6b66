import { NO_IMAGE_YET, TASK_DEFINITION_PARAMETER } from '../contract/parameters';
import type { Images, Parameters, TaskDefinitions } from './ports';
import {
  activeRevisions,
  KEPT_VALUES,
  promotedRevisions,
  type RevisionFacts,
  revisionName,
  revisionNumber,
} from './revisions/revisions';

/** Why a rollback is impossible: what was asked, what there is, what to do. */
export class RollbackError extends Error {
  override readonly name = 'RollbackError';
}

export interface RollbackPorts {
  readonly taskDefinitions: TaskDefinitions;
  readonly parameters: Parameters;
  readonly images: Images;
}

/** Where the promoted revision of a pipeline is named, and from which it is chosen. */
export interface RollbackScope {
  readonly parameterPath: string;
  readonly taskFamily: string;
  /** Name of the ECR repository of its images. */
  readonly repository: string;
}

export interface RollbackPlan {
  /** `family:revision` that is promoted now. */
  readonly from: string;
  readonly to: RevisionFacts;
  /** Version of the parameter `task-definition` that this was decided upon. */
  readonly version: number;
}

/**
 * Finds the revision to go back to, and checks that tasks can start from it. Only one that was
 * promoted before qualifies: an active revision need not have passed a canary.
 * @param wanted a number, `family:revision` or an ARN; absent: the newest one older than the
 *   promoted one.
 * @throws RollbackError with the revisions that there are to choose from.
 */
export async function planRollback(
  ports: RollbackPorts,
  scope: RollbackScope,
  wanted?: string,
): Promise<RollbackPlan> {
  const { value, version } = await ports.parameters.read(parameterOf(scope));
  if (value === NO_IMAGE_YET)
    throw new RollbackError('nothing is promoted yet, and so there is nothing to go back from.');
  const from = revisionName(value);
  const active = await activeRevisions(ports.taskDefinitions, scope.taskFamily);
  const promoted = await promotedRevisions(ports.parameters, scope.parameterPath);
  const choices = active.filter(({ name }) => name !== from && promoted.has(name));
  const to =
    wanted === undefined
      ? newestBefore(from, choices)
      : await find(ports, { wanted, from, family: scope.taskFamily, active }, choices);
  await checkImage(ports.images, scope.repository, to, choices);
  return { from, to, version };
}

export interface RollbackResult {
  /**
   * `family:revision` that another deployer promoted between the last read and the write, and that
   * the write undid.
   */
  readonly overwritten?: string;
}

/**
 * Promotes what was planned.
 * @throws RollbackError when another deployer promoted since the plan, or right after it.
 */
export async function rollBack(
  { parameters }: Pick<RollbackPorts, 'parameters'>,
  scope: RollbackScope,
  plan: RollbackPlan,
): Promise<RollbackResult> {
  const name = parameterOf(scope);
  const before = await parameters.read(name);
  if (before.version !== plan.version)
    throw new RollbackError(
      `${revisionName(before.value)} was promoted meanwhile, and nothing was changed: look ` +
        'at `spillway revisions` and decide again.',
    );
  const version = await parameters.write(name, plan.to.name);
  const after = await parameters.read(name);
  if (after.value !== plan.to.name)
    throw new RollbackError(
      `${revisionName(after.value)} was promoted right after ${plan.to.name}, by a delivery ` +
        'that runs: wait for its end, then roll back again.',
    );
  if (version === plan.version + 1) return {};
  return { overwritten: revisionName(await parameters.readVersion(name, version - 1)) };
}

const parameterOf = ({ parameterPath }: RollbackScope) =>
  `${parameterPath}${TASK_DEFINITION_PARAMETER}`;

function newestBefore(from: string, choices: readonly RevisionFacts[]): RevisionFacts {
  const [family, number] = [familyOf(from), revisionNumber(from)];
  const older = choices.find(
    (choice) => familyOf(choice.name) === family && choice.number < number,
  );
  if (older) return older;
  throw new RollbackError(
    `no active revision older than ${from}, which is promoted, was promoted before. ` +
      `${thereIs(choices)}`,
  );
}

const familyOf = (name: string) => name.slice(0, name.lastIndexOf(':'));

interface Wish {
  readonly wanted: string;
  readonly from: string;
  readonly family: string;
  /** Those that were never promoted, too. */
  readonly active: readonly RevisionFacts[];
}

async function find(
  { taskDefinitions }: Pick<RollbackPorts, 'taskDefinitions'>,
  { wanted, from, family, active }: Wish,
  choices: readonly RevisionFacts[],
): Promise<RevisionFacts> {
  const name = /^\d+$/.test(wanted) ? `${family}:${Number(wanted)}` : revisionName(wanted);
  if (!name.startsWith(`${family}:`))
    throw new RollbackError(
      `${name} is no revision of ${family}, the family of this pipeline. ${thereIs(choices)}`,
    );
  if (name === from) throw new RollbackError(`${name} is promoted already. ${thereIs(choices)}`);
  const found = active.find((revision) => revision.name === name);
  if (found && wanted.startsWith('arn:') && wanted !== found.arn)
    throw new RollbackError(`${wanted} is of another account or region: here it is ${found.arn}.`);
  if (found && choices.includes(found)) return found;
  if (found)
    throw new RollbackError(
      `${name} was never promoted, as far as the last ${KEPT_VALUES} values of the parameter ` +
        'tell: no canary has passed it, or that is too long ago. Push its commit again, and a ' +
        `canary tries it. ${thereIs(choices)}`,
    );
  const gone = await taskDefinitions.describe(name);
  throw new RollbackError(
    `${name} ${gone ? 'was deregistered' : 'does not exist'}. ${thereIs(choices)}`,
  );
}

/**
 * Whether ECS can still pull it; only images of the pipeline's own repository can be looked for.
 */
async function checkImage(
  images: Images,
  repository: string,
  to: RevisionFacts,
  choices: readonly RevisionFacts[],
): Promise<void> {
  const path = to.image.slice(to.image.indexOf('/') + 1);
  if (!to.imageDigest || path !== `${repository}@${to.imageDigest}`)
    throw new RollbackError(
      `${to.name} runs ${to.image}, which is no image by digest of the repository ` +
        `${repository}: whether it is still there cannot be told. ` +
        `${thereIs(others(to, choices))}`,
    );
  if (!(await images.has(repository, to.imageDigest)))
    throw new RollbackError(
      `the image of ${to.name} is no longer in the repository ${repository} ` +
        `(${to.imageDigest}). ${thereIs(others(to, choices))}`,
    );
}

const others = ({ name }: RevisionFacts, choices: readonly RevisionFacts[]) =>
  choices.filter((choice) => choice.name !== name);

/** The last sentence of every refusal. */
function thereIs(choices: readonly RevisionFacts[]): string {
  if (choices.length === 0)
    return (
      'There is no other active revision that was promoted before: push the commit that you ' +
      'want back instead.'
    );
  return (
    `There is: ${choices.map(({ number }) => number).join(', ')} (\`spillway revisions\` shows ` +
    'them).'
  );
}
