import { type ECSClient, RunTaskCommand, type RunTaskCommandInput } from '@aws-sdk/client-ecs';
import type { LaunchResult, TaskPlace } from '../ports';

/** What a task has of its own beside its place. */
type OwnInput = Pick<RunTaskCommandInput, 'clientToken' | 'startedBy' | 'overrides' | 'tags'>;

/**
 * Runs one task on demand: a Spot interruption would say nothing of an image, and would cost what a
 * dataset has read.
 * @throws what ECS answers with an error.
 */
export async function runOneTask(
  client: ECSClient,
  place: TaskPlace,
  own: OwnInput,
): Promise<LaunchResult> {
  const { tasks = [], failures = [] } = await client.send(
    new RunTaskCommand({
      ...own,
      cluster: place.cluster,
      taskDefinition: place.revision,
      count: 1,
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [...place.subnetIds],
          securityGroups: [...place.securityGroupIds],
          assignPublicIp: place.assignPublicIp ? 'ENABLED' : 'DISABLED',
        },
      },
      propagateTags: 'TASK_DEFINITION',
      enableECSManagedTags: true,
    }),
  );
  const taskArn = tasks[0]?.taskArn;
  if (taskArn) return { kind: 'accepted', taskArn };
  const because = failures.map(({ reason = 'no reason given', detail }) =>
    detail ? `${reason}: ${detail}` : reason,
  );
  return { kind: 'refused', because: because.join('; ') || 'ECS gave no reason', isLasting: false };
}
