import type { TaskDefinition } from './ports';

/**
 * What DescribeTaskDefinition says and RegisterTaskDefinition does not take. A list of what to
 * leave out, not of what to keep: a field that ECS gets tomorrow is passed on.
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
