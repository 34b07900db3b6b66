import {
  makeSamples,
  type PictureSample,
} from '../../../application-code/images/expectation/samples';
import type { DeliveryTarget } from '../../../contract/delivery';
import { type CanaryResult, runCanary } from '../../../deployer/canary/canary';
import type { CanaryTask } from '../../../deployer/ports';
import { FakeAccount, namesOf, STOPPED } from './fake-account';
import { fakeWorker } from './fake-worker';

/** An account in which the canary of one pipeline runs, with a worker as it should be. */
export interface FakeCanary {
  readonly world: FakeAccount;
  readonly target: DeliveryTarget;
  readonly samples: readonly PictureSample[];
  run(timeoutSeconds?: number): Promise<CanaryResult>;
  /** Objects that canaries left behind. */
  left(): readonly string[];
}

let made: Promise<readonly PictureSample[]> | undefined;

/** @param variables of the revision's worker. */
export async function openFakeCanary(
  variables: Readonly<Record<string, string>> = {},
): Promise<FakeCanary> {
  made ??= makeSamples();
  const samples = await made;
  const world = new FakeAccount();
  const target = world.addPipeline('photos', variables);
  world.task = fakeWorker(world);
  world.logLines = ['{"event":"started"}', 'Error: no such module'];
  return {
    world,
    target,
    samples,
    run: (timeoutSeconds = 600) => {
      const revision = world.revisions.get(`${namesOf('photos').templateFamily}:1`);
      if (!revision) throw new Error('there is no revision');
      return runCanary(world.ports(), target, revision, {
        timeoutSeconds,
      });
    },
    left: () =>
      [...world.objects.keys()].filter((path) => /^(sources|renditions)\/canary\//.test(path)),
  };
}

export const ended = (fields: Partial<CanaryTask>): CanaryTask => ({ ...STOPPED, ...fields });

export const exited = (exitCode: number, reason?: string): CanaryTask =>
  ended({ containers: [{ name: 'worker', exitCode, ...(reason && { reason }) }] });
