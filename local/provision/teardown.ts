import {
  DeleteClusterCommand,
  DeregisterTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
} from '@aws-sdk/client-ecs';
import { DeleteRoleCommand } from '@aws-sdk/client-iam';
import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import { DeleteScheduleCommand } from '@aws-sdk/client-scheduler';
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { DeleteParametersCommand, paginateGetParametersByPath } from '@aws-sdk/client-ssm';
import { type Clients, createClients } from '../aws/clients';
import { callLogs } from '../aws/json-calls';
import type { Pipeline } from '../ports';
import { logGroupOf } from '../run/progress-log';
import { wakeUpDeletions } from './wake-ups';

/**
 * Deletes all that `provision` made, on an emulator that outlives this process (`--endpoint`). Stop
 * the task runner first, or its workers write into a bucket that is being emptied.
 * @throws AggregateError with the failures, after everything else has been deleted.
 */
export async function tearDown(pipeline: Pipeline): Promise<void> {
  const clients = createClients(pipeline.endpoint);
  try {
    // The schedule and the wake-ups first, since they would call a function that no longer exists.
    const first = await settle([
      ...(pipeline.wakeUps ? wakeUpDeletions(clients, pipeline.wakeUps) : []),
      clients.scheduler.send(new DeleteScheduleCommand({ Name: pipeline.scalerFunctionName })),
    ]);
    const others = await settle([
      clients.lambda.send(new DeleteFunctionCommand({ FunctionName: pipeline.scalerFunctionName })),
      clients.iam.send(new DeleteRoleCommand({ RoleName: pipeline.scalerFunctionName })),
      clients.sqs.send(new DeleteQueueCommand({ QueueUrl: pipeline.queueUrl })),
      clients.sqs.send(new DeleteQueueCommand({ QueueUrl: pipeline.deadLetterQueueUrl })),
      clients.ecs.send(new DeleteClusterCommand({ cluster: pipeline.cluster })),
      deregisterFamily(clients, pipeline.taskFamily),
      deleteParameters(clients, pipeline.parameterPath),
      deleteLog(pipeline),
      deleteBucket(clients, pipeline.sourceBucket),
      deleteBucket(clients, pipeline.destinationBucket),
    ]);
    const faults = [...first, ...others];
    if (faults.length > 0)
      throw new AggregateError(faults, 'Not everything could be deleted from the emulator.');
  } finally {
    clients.destroy();
  }
}

/** The services' names for: it does not exist. */
const NOT_FOUND = new Set([
  'ClusterNotFoundException',
  'NoSuchBucket',
  'NoSuchEntityException',
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
  'ResourceNotFoundException',
]);

async function settle(deletions: readonly Promise<unknown>[]): Promise<unknown[]> {
  const results = await Promise.allSettled(deletions);
  return results.flatMap((result) =>
    result.status === 'rejected' && !NOT_FOUND.has((result.reason as Error).name)
      ? [result.reason]
      : [],
  );
}

/** It does not exist where no job has said how far it is. */
async function deleteLog(pipeline: Pipeline): Promise<void> {
  try {
    await callLogs(pipeline.endpoint, 'DeleteLogGroup', { logGroupName: logGroupOf(pipeline) });
  } catch (error) {
    if (!String(error).includes('ResourceNotFoundException')) throw error;
  }
}

async function deregisterFamily({ ecs }: Clients, familyPrefix: string): Promise<void> {
  const { taskDefinitionArns = [] } = await ecs.send(
    new ListTaskDefinitionsCommand({ familyPrefix }),
  );
  await Promise.all(
    taskDefinitionArns.map((taskDefinition) =>
      ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition })),
    ),
  );
}

/** A page has ten at most, as many as one call deletes. */
async function deleteParameters({ ssm }: Clients, Path: string): Promise<void> {
  const pages: string[][] = [];
  for await (const { Parameters = [] } of paginateGetParametersByPath({ client: ssm }, { Path }))
    pages.push(Parameters.flatMap(({ Name }) => Name ?? []));
  for (const Names of pages)
    if (Names.length > 0) await ssm.send(new DeleteParametersCommand({ Names }));
}

async function deleteBucket({ s3 }: Clients, Bucket: string): Promise<void> {
  for (;;) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    if (Contents.length === 0) break;
    const Objects = Contents.flatMap(({ Key }) => (Key ? [{ Key }] : []));
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
  }
  await s3.send(new DeleteBucketCommand({ Bucket }));
}
