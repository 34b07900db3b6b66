import type { DeliveryTarget } from '../../../contract/delivery';
import { runCanary, type Verdict } from '../../../deployer/canary';
import type { CanaryTask } from '../../../deployer/ports';
import { makeSamples, type Sample } from '../../../deployer/samples';
import { namesOf, STOPPED, World } from './fake-ports';
import { playWorker } from './fake-worker';

/**
 * A world in which a revision of one pipeline is to be tried, and whose tasks work as ours do
 * unless a test says otherwise.
 */
export interface CanaryStand {
  readonly world: World;
  readonly target: DeliveryTarget;
  readonly samples: readonly Sample[];
  run(timeoutSeconds?: number): Promise<Verdict>;
  /** Objects that canaries left behind. */
  left(): readonly string[];
}

let made: Promise<readonly Sample[]> | undefined;

/** @param variables of the revision's worker. */
export async function openCanaryStand(
  variables: Readonly<Record<string, string>> = {},
): Promise<CanaryStand> {
  made ??= makeSamples();
  const samples = await made;
  const world = new World();
  const target = world.addPipeline('photos', variables);
  world.play = playWorker(world);
  world.logLines = ['{"event":"started"}', 'Error: no such module'];
  return {
    world,
    target,
    samples,
    run: (timeoutSeconds = 600) => {
      const revision = world.revisions.get(`${namesOf('photos').templateFamily}:1`);
      if (!revision) throw new Error('there is no revision');
      return runCanary(world.surroundings(), target, revision, {
        timeoutSeconds,
        samples,
      });
    },
    left: () =>
      [...world.objects.keys()].filter((path) => /^(sources|renditions)\/canary\//.test(path)),
  };
}

export const ended = (fields: Partial<CanaryTask>): CanaryTask => ({ ...STOPPED, ...fields });

export const exited = (exitCode: number, reason?: string): CanaryTask =>
  ended({ containers: [{ name: 'worker', exitCode, ...(reason && { reason }) }] });
