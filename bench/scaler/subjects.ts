import { connect } from '../../lambda/scaler/aws/connect';
import { decide } from '../../lambda/scaler/decide';
import type { Environment } from '../../lambda/scaler/environment';
import type { Ports } from '../../lambda/scaler/scale';
import { scale } from '../../lambda/scaler/scale';
import { snapshotOf } from '../../lambda/scaler/snapshot';
import {
  exampleActive,
  exampleObservation,
  examplePolicy,
  exampleStopped,
  several,
} from '../../test/fakes/scaler/examples';
import { median } from './median';

const { taskDefinition: _, ...knobs } = examplePolicy({ maxTasks: 520, jobsPerTask: 10 });

export const settings: Environment = {
  pipeline: 'photos',
  environment: 'bench',
  parameterPath: '/spillway/bench/photos/',
  queueUrl: 'http://127.0.0.1/123456789012/work',
  cluster: 'spillway',
  taskFamily: 'photos',
  containerName: 'worker',
  subnets: ['subnet-1', 'subnet-2'],
  securityGroups: ['sg-1'],
  assignPublicIp: 'DISABLED',
  startedBy: 'spillway-scaler',
  configured: knobs,
};

/** Microseconds of one decision over `active` and `stopped` tasks. */
export function timeDecide(active: number, stopped: number, rounds: number): number {
  const observation = exampleObservation({
    backlog: 100_000,
    inFlight: 8_000,
    active: several(active, () => exampleActive()),
    stopped: several(stopped, () => exampleStopped({ exitCode: 0 })),
  });
  const policy = examplePolicy({ maxTasks: 520, jobsPerTask: 10 });
  const times = several(rounds, () =>
    elapsed(() => decide(snapshotOf(observation, policy.taskDefinition, ['subnet-1']), policy)),
  );
  return median(times.slice(rounds / 2)) * 1000;
}

/** Milliseconds of one whole run: observe, decide, launch. */
export async function timeRun(ports: Ports): Promise<number> {
  const start = performance.now();
  await scale(settings, ports, {
    now: Date.now,
    remainingMilliseconds: () => 60_000,
    scheduledMinute: Date.now(),
  });
  return performance.now() - start;
}

export function portsOn(endpoint: string): Ports {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
  });
  return connect({ ...settings, queueUrl: `${endpoint}/123456789012/work` });
}

function elapsed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
