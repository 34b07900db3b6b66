import * as z from 'zod/mini';
import { recipeOf } from '../../application-code/workloads';
import type { DestinationSettings } from '../../contract/destination';
import { LocalModeError } from '../../folder/errors';
import { maxTasksFault } from '../../lambda/scaler/decision/in-flight';
import { PIPELINE_SETTINGS, taskConcurrency } from '../../stacks/config/pipeline-settings';
import type { ConfiguredPipeline } from '../configured-pipeline';
import { LOCAL_DEFAULTS, taskSizeFor } from '../provision/settings';

/** What decides where the outputs of a run go. */
export interface DatasetRequest {
  /** Whether the user asked for a dataset. */
  readonly dataset: boolean;
  readonly workload: string;
  readonly recipe: unknown;
  readonly maxTasks: number;
  /** Of a pipeline of the configuration. */
  readonly settings?: ConfiguredPipeline;
}

/**
 * The destination of a run: that of its pipeline, or shards where the user asks for a dataset.
 * @throws LocalModeError when its tasks cannot make shards.
 */
export function destinationOf(request: DatasetRequest): DestinationSettings {
  const configured: DestinationSettings = request.settings?.destination ?? { kind: 'objects' };
  const isWanted = request.dataset && configured.kind === 'objects';
  const chosen = isWanted ? z.parse(PIPELINE_SETTINGS.destination, { kind: 'shards' }) : configured;
  if (chosen.kind === 'shards') check(request, chosen.samples);
  return chosen;
}

function check({ workload, recipe, maxTasks, settings }: DatasetRequest, samples: number): void {
  const { jobSize, outputs } = recipeOf(workload);
  if (outputs(recipe) === 'manifest')
    throw new LocalModeError(
      `--dataset must be left out with ${workload}, whose outputs are known only when they are ` +
        'made (`any`), while each sample of a dataset has the same files.',
    );
  const { jobConcurrency } = LOCAL_DEFAULTS;
  const size = settings ?? taskSizeFor(jobSize);
  const jobsAtATime = taskConcurrency({ ...size, workload, jobConcurrency });
  const fault = maxTasksFault(maxTasks, { samples, jobsAtATime });
  if (fault) throw new LocalModeError(`--max-tasks ${fault}.`);
}
