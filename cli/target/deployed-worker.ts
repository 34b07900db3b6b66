import { outputPlans } from '../../application-code/worker/src/job/manifest';
import { longestTaskSeconds } from '../../application-code/worker/src/settings';
import { SHARD_VARIABLES } from '../../application-code/worker/src/shard-settings';
import type { OutputPlan } from '../../application-code/worker/src/workload/recipe';
import { DEFAULT_WORKLOAD, recipeOf } from '../../application-code/workloads';
import { NO_IMAGE_YET, TASK_DEFINITION_PARAMETER } from '../../contract/parameters';
import { CONTAINER_NAME } from '../../contract/variables';
import { defaultOf } from '../../text/setting';
import type { BucketPlace } from '../ports/buckets';
import { RefusalError } from '../terminal/failures';
import type { Target } from './target';
import { withDeployed } from './with-deployed';

/**
 * The settings of a pipeline's deployed worker: the buckets, prefixes and recipe that hold,
 * whatever the configuration says by now.
 */
export interface DeployedWorker {
  /** `family:revision` that says so. */
  readonly revision: string;
  readonly revisionArn: string;
  readonly source: BucketPlace;
  readonly sourcePrefix: string;
  readonly destination: BucketPlace;
  readonly destinationPrefix: string;
  /** What the workload makes of every source object. */
  readonly outputs: readonly OutputPlan[];
  readonly longestTaskSeconds: number;
  /** Samples of a part; absent where outputs are objects. */
  readonly shardSamples?: number;
  /** Where labels come from: `folder`, `none` or a pattern; absent where outputs are objects. */
  readonly shardLabel?: string;
}

/**
 * Reads the promoted revision, or, while nothing is promoted, the template that a deploy of the
 * stacks has made.
 * @throws RefusalError when it does not exist, or is not of a worker.
 */
export async function deployedWorker({ account, chosen }: Target): Promise<DeployedWorker> {
  const { value } = await withDeployed(chosen, () =>
    account.parameters.read(`${chosen.parameterPath}${TASK_DEFINITION_PARAMETER}`),
  );
  const name = value === NO_IMAGE_YET ? chosen.templateFamily : value;
  const revision = await account.taskDefinitions.describe(name);
  const container = revision?.definition.containerDefinitions.find(
    (one) => one.name === CONTAINER_NAME,
  );
  if (!revision || !container)
    throw new RefusalError(
      `there is no task definition ${name} with a container \`${CONTAINER_NAME}\`: deploy the ` +
        'stacks of this environment, or promote another revision with `npx spillway rollback ' +
        '--to REVISION`.',
    );
  const variables = Object.fromEntries(container.environment.map((one) => [one.name, one.value]));
  const owner = variables.EXPECTED_BUCKET_OWNER;
  const workload = recipeOf(variables.WORKLOAD ?? DEFAULT_WORKLOAD);
  const place = (bucket = ''): BucketPlace => ({ bucket, ...(owner && { owner }) });
  return {
    revision: revision.name,
    revisionArn: revision.arn,
    source: place(variables.SOURCE_BUCKET),
    sourcePrefix: variables.SOURCE_PREFIX ?? '',
    destination: place(variables.DESTINATION_BUCKET),
    destinationPrefix: variables.DESTINATION_PREFIX ?? '',
    outputs: outputPlans(
      workload,
      variables.RECIPE ? workload.parse(variables.RECIPE) : workload.default,
    ),
    longestTaskSeconds: longestTaskSeconds(variables),
    ...(variables.DESTINATION_KIND === 'shards' && {
      shardSamples: Number(variables.SHARD_SAMPLES ?? defaultOf(SHARD_VARIABLES.samples.schema)),
      shardLabel: variables.SHARD_LABEL ?? defaultOf(SHARD_VARIABLES.label.schema),
    }),
  };
}
