import { REVISION_TAGS } from '../../contract/delivery';
import type { Revision, TaskDefinitions } from '../ports';

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
