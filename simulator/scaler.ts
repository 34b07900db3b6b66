import { scalerVariables } from '../contract/variables';
import { readEnvironment } from '../lambda/scaler/environment';
import type { Fleet, WakeUps } from '../lambda/scaler/ports';
import { type Invocation, type Ports, type Run, scale } from '../lambda/scaler/scale';
import { scheduledMinute } from '../lambda/scaler/scheduled-minute';
import {
  answerUploads,
  type BatchResponse,
  newestUpload,
  type UploadEvent,
} from '../lambda/scaler/uploads';
import type { PipelineSettings } from '../stacks/config/blueprint-config';

const PATH = '/spillway/model/jobs/';
const FAMILY = 'jobs';
const RUN_MILLISECONDS = 60_000;

export interface ScalerModel extends Omit<Ports, 'parameters'> {
  readonly fleet: Fleet;
  readonly jobsAtATime: number;
  readonly subnetIds: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds that the calls of the run have taken so far. */
  readonly millisecondsOfCalls: () => number;
}

/** The scaler as it is deployed, its environment and all: one run of each kind. */
export interface ScalerRuns {
  /** @param invocationId of a run by hand, which may follow another one within its minute. */
  readonly scheduled: (invocationId?: string) => Promise<Run>;
  readonly wakeUp: (event: UploadEvent, queue: WakeUps) => Promise<BatchResponse>;
}

export function scalerOf(settings: PipelineSettings, model: ScalerModel): ScalerRuns {
  const environment = readEnvironment(
    scalerVariables(
      { ...settings, jobsAtATime: model.jobsAtATime },
      {
        environment: 'model',
        pipeline: FAMILY,
        parameterPath: PATH,
        queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/jobs',
        cluster: 'model',
        taskFamily: FAMILY,
        subnetIds: model.subnetIds,
        securityGroupIds: ['sg-1'],
        assignPublicIp: true,
      },
    ),
  );
  const parameters = { read: async () => new Map([['task-definition', `${FAMILY}:1`]]) };
  const run = (kind: Pick<Invocation, 'isWakeUp' | 'isSeenAgain' | 'invocationId'>) =>
    scale(
      environment,
      { ...model, parameters },
      {
        ...kind,
        now: model.now,
        scheduledMinute: scheduledMinute(null, model.now()),
        remainingMilliseconds: () => RUN_MILLISECONDS - model.millisecondsOfCalls(),
      },
    );
  const { fleet } = model;
  return {
    scheduled: (invocationId) => run({ ...(invocationId !== undefined && { invocationId }) }),
    wakeUp: (event, wakeUps) =>
      answerUploads(
        event,
        { fleet, wakeUps },
        {
          ifActive: () => undefined,
          ifIdle: () => run({ isWakeUp: true, isSeenAgain: !newestUpload(event) }),
        },
      ),
  };
}
