import { type DeliveryTarget, REVISION_TAGS } from '../../contract/delivery';
import { TASK_DEFINITION_PARAMETER } from '../../contract/parameters';
import type { DeployPorts, Parameters, Revision, TaskDefinitions } from '../ports';

/** One revision as an operator sees it. */
export interface RevisionFacts {
  /** The number behind the colon. */
  readonly number: number;
  /** `family:revision`. */
  readonly name: string;
  readonly arn: string;
  /** As its first container names it. */
  readonly image: string;
  /** `sha256:…`; absent when the image is named by a tag alone. */
  readonly imageDigest?: string;
  readonly commit?: string;
  /**
   * ARN of the template that it is a copy of; absent when a deploy of the stacks registered it
   * itself.
   */
  readonly template?: string;
  /** Milliseconds since the epoch; absent where ECS does not say. */
  readonly registeredAt?: number;
}

/**
 * ECS describes 20 task definitions a second:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 */
const DESCRIBED_TOGETHER = 10;

/** The active revisions of a family, newest first. */
export async function activeRevisions(
  taskDefinitions: TaskDefinitions,
  family: string,
): Promise<readonly RevisionFacts[]> {
  const arns = await taskDefinitions.list(family);
  const found: (Revision | undefined)[] = [];
  for (let start = 0; start < arns.length; start += DESCRIBED_TOGETHER) {
    const some = arns.slice(start, start + DESCRIBED_TOGETHER);
    found.push(...(await Promise.all(some.map((arn) => taskDefinitions.describe(arn)))));
  }
  return (
    found
      .filter((revision) => revision !== undefined)
      // One may have been deregistered since the list.
      .filter(({ isActive }) => isActive)
      .map(factsOf)
  );
}

export function factsOf({ name, arn, registeredAt, definition, tags }: Revision): RevisionFacts {
  const image = definition.containerDefinitions[0]?.image ?? '';
  const imageDigest = /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
  const { [REVISION_TAGS.commit]: commit, [REVISION_TAGS.template]: template } = tags;
  return {
    number: revisionNumber(name),
    name,
    arn,
    image,
    ...(imageDigest && { imageDigest }),
    ...(commit && { commit }),
    ...(template && { template }),
    ...(registeredAt !== undefined && { registeredAt }),
  };
}

/** @param revision `family:revision` or an ARN. */
export function revisionNumber(revision: string): number {
  return Number(revision.slice(revision.lastIndexOf(':') + 1));
}

/** `family:revision` of an ARN, or of itself. */
export function revisionName(revision: string): string {
  return revision.slice(revision.lastIndexOf('/') + 1);
}

/**
 * Values of a parameter that Parameter Store keeps:
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html
 */
export const KEPT_VALUES = 100;

/**
 * Every `family:revision` that has been promoted, the one of now among them, as far back as
 * Parameter Store remembers. A revision that is active and not among them is one whose canary runs,
 * or that an interrupted delivery left.
 */
export async function promotedRevisions(
  parameters: Pick<Parameters, 'history'>,
  parameterPath: string,
): Promise<ReadonlySet<string>> {
  const versions = await parameters.history(`${parameterPath}${TASK_DEFINITION_PARAMETER}`);
  return new Set(versions.map(({ value }) => revisionName(value)));
}

/**
 * Deregisters revisions that are too old for a rollback. The promoted revision stays, even when a
 * rollback made it an old one. Newer ones stay, since they may be another deployer's candidates.
 * @returns the number of deregistered revisions.
 */
export async function prune(
  { taskDefinitions, parameters }: Pick<DeployPorts, 'taskDefinitions' | 'parameters'>,
  { taskFamily, parameterPath }: DeliveryTarget,
  kept: number,
): Promise<number> {
  const arns = await taskDefinitions.list(taskFamily);
  const { value } = await parameters.read(`${parameterPath}${TASK_DEFINITION_PARAMETER}`);
  const promoted = revisionName(value);
  const newestFirst = [...arns].sort((a, b) => revisionNumber(b) - revisionNumber(a));
  const others = newestFirst.filter((arn) => revisionName(arn) !== promoted);
  const old = others.slice(kept).filter((arn) => revisionNumber(arn) < revisionNumber(promoted));
  for (const arn of old) await taskDefinitions.deregister(arn);
  return old.length;
}
