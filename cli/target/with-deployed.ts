import { RefusalError } from '../terminal/failures';
import type { TargetPipeline } from './choose-pipeline';

/** Errors of AWS for a missing thing that a deploy of the stacks makes. */
const ABSENT = new Set([
  'ParameterNotFound',
  'ParameterVersionNotFound',
  'RepositoryNotFoundException',
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
  'ResourceNotFoundException',
  'ClusterNotFoundException',
  'PipelineNotFoundException',
  'InvalidSubnetID.NotFound',
]);

/** Whether AWS says that a thing does not exist, by itself or through an adapter. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && (ABSENT.has(error.name) || isAbsent(error.cause));
}

/** With permissions for some names alone, AWS denies access to missing things, too. */
function isDenied(error: unknown): boolean {
  return error instanceof Error && error.name === 'AccessDeniedException';
}

/**
 * Does something in the account of a pipeline. Where what a deploy makes is missing, the account
 * may be the wrong one.
 * @throws RefusalError that says where it was looked for.
 */
export async function withDeployed<Answer>(
  { environment, region, allowedAccountIds, endpoint }: TargetPipeline,
  look: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof Error) || !(isAbsent(error.cause) || isDenied(error.cause))) throw error;
    if (endpoint)
      throw new RefusalError(`${error.message} It was looked for at ${endpoint}.`, {
        cause: error,
      });
    const accounts = allowedAccountIds.join(' or ');
    throw new RefusalError(
      `${error.message} The command is \`npx cdktf deploy '${environment}-*'\`. If that is done, ` +
        `these credentials are of another account${accounts && ` than ${accounts}`}: it was ` +
        `looked for in ${region} with them.`,
      { cause: error },
    );
  }
}
