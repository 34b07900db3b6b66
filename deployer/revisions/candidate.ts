import { type DeliveryTarget, REVISION_TAGS } from '../../contract/delivery';
import { CONTAINER_NAME } from '../../contract/variables';
import type { ContainerDescription, Revision, TaskDefinition } from '../ports';

/** The image of a worker. */
export interface WorkerImage {
  /** As a task definition names it. */
  readonly uri: string;
  /**
   * `sha256:…`; absent when the image does not lie in the pipeline's repository or is named by a
   * tag.
   */
  readonly digest?: string;
  /** What it is made of; absent when it is not known. */
  readonly commit?: string;
}

/** Where an image comes from that was not built now. */
export interface ImageOrigin {
  /** Version of the parameter `task-definition` at which it was the current one. */
  readonly version: number;
}

export interface Candidate {
  readonly definition: TaskDefinition;
  readonly tags: Readonly<Record<string, string>>;
}

/** An image of the pipeline's repository. */
export function imageOfDigest(
  { repositoryUri }: DeliveryTarget,
  digest: string,
  commit?: string,
): WorkerImage {
  return { uri: `${repositoryUri}@${digest}`, digest, ...(commit && { commit }) };
}

/** The image that a revision runs. */
export function imageOfRevision(
  { repositoryUri }: DeliveryTarget,
  revision: Revision,
): WorkerImage {
  const { image: uri } = workerOf(revision);
  const commit = revision.tags[REVISION_TAGS.commit];
  const isOurs = uri.startsWith(`${repositoryUri}@`);
  return {
    uri,
    ...(isOurs && { digest: uri.slice(repositoryUri.length + 1) }),
    ...(commit && { commit }),
  };
}

/**
 * The template with another image, in the family of the fleet. Every other field is the template's.
 */
export function candidateOf(
  template: Revision,
  { taskFamily }: DeliveryTarget,
  image: WorkerImage,
  seen?: ImageOrigin,
): Candidate {
  const worker = workerOf(template);
  const containerDefinitions = template.definition.containerDefinitions.map((container) =>
    container === worker ? { ...container, image: image.uri } : container,
  );
  return {
    definition: { ...template.definition, family: taskFamily, containerDefinitions },
    tags: {
      ...ownTags(template.tags),
      [REVISION_TAGS.template]: template.arn,
      ...(image.digest && { [REVISION_TAGS.imageDigest]: image.digest }),
      ...(image.commit && { [REVISION_TAGS.commit]: tagValue(image.commit) }),
      ...(seen && { [REVISION_TAGS.imageSeenAt]: String(seen.version) }),
    },
  };
}

/**
 * The worker's container.
 * @throws Error when it does not exist.
 */
function workerOf({ name, definition }: Revision): ContainerDescription {
  const { containerDefinitions } = definition;
  const worker = containerDefinitions.find((container) => container.name === CONTAINER_NAME);
  if (worker) return worker;
  const names = containerDefinitions.map((container) => container.name).join(', ') || 'none';
  throw new Error(`${name} has no container ${CONTAINER_NAME}, its containers are: ${names}.`);
}

/** Variables of the worker's container. */
export function variablesOf(revision: Revision): Readonly<Record<string, string>> {
  const { environment = [] } = workerOf(revision) as Partial<ContainerDescription>;
  return Object.fromEntries(environment.map(({ name, value }) => [name, value]));
}

/** AWS keeps tags that begin with `aws:` for itself and refuses them. */
function ownTags(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).filter(([key]) => !key.toLowerCase().startsWith('aws:')),
  );
}

/**
 * The version of a source archive may hold anything; a tag may not:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html
 */
function tagValue(text: string): string {
  return text.replace(/[^\p{L}\p{N} _.:/=+@-]/gu, '_').slice(0, 256);
}

/**
 * Fields that DescribeTaskDefinition returns and RegisterTaskDefinition refuses. The list names
 * what to leave out, not what to keep, so that a future field of ECS is passed on.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
 */
const FILLED_BY_ECS: ReadonlySet<string> = new Set([
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
]);

/** A described task definition as it can be registered again. */
export function registrable(described: Readonly<Record<string, unknown>>): TaskDefinition {
  const kept = Object.entries(described).filter(
    ([field, value]) => !FILLED_BY_ECS.has(field) && value != null,
  );
  return Object.fromEntries(kept) as unknown as TaskDefinition;
}

/**
 * Whether two definitions make the same tasks. ECS keeps what it is given, but promises no order of
 * named things. For a missing field it returns an empty list, or nothing.
 */
export function makeSameTasks(one: TaskDefinition, other: TaskDefinition): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(normalised(value));
}

/**
 * Lists of objects are sets, such as variables and mount points; lists of words, such as a command,
 * have an order.
 */
function normalised(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(normalised);
    return items.some(isObject)
      ? items.sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1))
      : items;
  }
  if (!isObject(value)) return value;
  const fields = Object.entries(value)
    .map(([name, field]) => [name, normalised(field)] as const)
    .filter(([, field]) => !isEmpty(field));
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isEmpty(value: unknown): boolean {
  return value == null || (isObject(value) && Object.keys(value).length === 0);
}
