import { answerOf, refuse } from '../../local/fargate/answer';
import type { PipelineDefinition } from './definition';
import { type Front, startFront, targetOf } from './front';
import type { PipelineEnd } from './play-pipeline';

const SERVICE = 'CodePipeline_20150709.';

export interface RunsFront extends Front {
  /** The end of the run. @throws what the run has thrown, and Error when no one asked for it. */
  end(): Promise<PipelineEnd>;
}

/**
 * Tells of one run as CodePipeline does. The first question starts it, as EventBridge does for an
 * archive.
 * @param sourceVersion returns the version of the archive that the run is about.
 * https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListPipelineExecutions.html
 */
export async function startRunsFront(
  emulatorEndpoint: string,
  { stages }: PipelineDefinition,
  start: {
    readonly sourceVersion: () => Promise<string>;
    readonly play: () => Promise<PipelineEnd>;
  },
): Promise<RunsFront> {
  const run = { id: 'run-1', version: '', ended: undefined as PipelineEnd | undefined };
  let playing: Promise<PipelineEnd> | undefined;
  const front = await startFront(emulatorEndpoint, async (request, send) => {
    switch (targetOf(request)) {
      case `${SERVICE}ListPipelineExecutions`:
        run.version ||= await start.sourceVersion();
        playing ??= start.play().then((ended) => {
          run.ended = ended;
          return ended;
        });
        return answerOf({ pipelineExecutionSummaries: [summaryOf(run)] });
      case `${SERVICE}ListActionExecutions`:
        return answerOf({ actionExecutionDetails: run.ended ? detailsOf(stages, run.ended) : [] });
      default:
        return targetOf(request).startsWith(SERVICE)
          ? refuse(
              'UnknownOperationException',
              `Nobody has taught this front ${targetOf(request)}.`,
            )
          : send(request);
    }
  });
  const end = () => playing ?? Promise.reject(new Error('Nobody has asked for a run.'));
  return { ...front, end };
}

interface Run {
  readonly id: string;
  readonly version: string;
  readonly ended: PipelineEnd | undefined;
}

function summaryOf({ id, version, ended }: Run) {
  const status = ended === undefined ? 'InProgress' : ended.succeeded ? 'Succeeded' : 'Failed';
  return {
    pipelineExecutionId: id,
    status,
    sourceRevisions: [{ actionName: 'Source', revisionId: version }],
  };
}

/** The newest first; an action that was not reached is not told. */
function detailsOf(stages: PipelineDefinition['stages'], { logs, stoppedAt = '' }: PipelineEnd) {
  return stages
    .flatMap(({ name: stageName, actions }) =>
      actions
        .filter(({ name }) => name in logs)
        .map(({ name: actionName }) => {
          const isFailed =
            stoppedAt.split(/[ ,]+/).includes(actionName) && stoppedAt.startsWith(stageName);
          return { stageName, actionName, status: isFailed ? 'Failed' : 'Succeeded' };
        }),
    )
    .reverse();
}
