import { createAwsPorts } from '../../lambda/scaler/aws/aws-ports';
import { decide } from '../../lambda/scaler/decision/decide';
import { snapshotOf } from '../../lambda/scaler/decision/snapshot';
import { readEnvironment } from '../../lambda/scaler/environment';
import type { Ports } from '../../lambda/scaler/scale';
import { scale } from '../../lambda/scaler/scale';
import { awsEnvironment } from '../../local/environment';
import { scalerVariables } from '../../test/fakes/environments';
import {
  exampleActive,
  exampleObservation,
  examplePolicy,
  exampleStopped,
  several,
} from '../../test/fakes/scaler/examples';
import { median } from '../median';

const variables = { ...scalerVariables('http://127.0.0.1'), MAX_TASKS: '520', JOBS_PER_TASK: '10' };
const settings = readEnvironment(variables);

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
    elapsed(() => decide(snapshotOf(observation, policy.taskDefinition, settings), policy)),
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
  Object.assign(process.env, awsEnvironment(endpoint));
  return createAwsPorts({ ...settings, queueUrl: `${endpoint}/123456789012/work` });
}

function elapsed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
