import { scalerVariables } from '../contract/variables';
import { readEnvironment } from '../lambda/scaler/environment';
import { type Ports, type Run, scale } from '../lambda/scaler/scale';
import type { PipelineSettings } from '../stacks/config/blueprint-config';

const PATH = '/spillway/model/jobs/';
const FAMILY = 'jobs';
const RUN_MILLISECONDS = 60_000;

export interface ScalerModel extends Omit<Ports, 'parameters'> {
  readonly jobsAtATime: number;
  readonly subnetIds: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds that the calls of the run have taken so far. */
  readonly millisecondsOfCalls: () => number;
}

/** Runs the scaler as it is deployed, its environment and all. @returns one run of it. */
export function scalerOf(settings: PipelineSettings, model: ScalerModel): () => Promise<Run> {
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
  return () =>
    scale(
      environment,
      { ...model, parameters },
      {
        now: model.now,
        scheduledMinute: model.now(),
        remainingMilliseconds: () => RUN_MILLISECONDS - model.millisecondsOfCalls(),
      },
    );
}
