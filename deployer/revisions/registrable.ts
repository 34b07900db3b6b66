import type { TaskDefinition } from '../ports';

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
