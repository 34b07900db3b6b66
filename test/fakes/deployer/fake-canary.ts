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
  readonly account: FakeAccount;
  readonly target: DeliveryTarget;
  readonly samples: readonly PictureSample[];
  run(timeoutSeconds?: number): Promise<CanaryResult>;
  /** Objects that canaries left behind. */
  left(): readonly string[];
}

let made: Promise<readonly PictureSample[]> | undefined;

/**
 * A canary of its own for each test. `start` opens another one, with variables of the revision's
 * worker.
 */
export function freshCanary(): FakeCanary & { start(variables: Variables): Promise<void> } {
  let canary: FakeCanary;
  const start = async (variables: Variables) => {
    canary = await open(variables);
  };
  beforeEach(() => start({}));
  return {
    start,
    get account() {
      return canary.account;
    },
    get target() {
      return canary.target;
    },
    get samples() {
      return canary.samples;
    },
    run: (timeoutSeconds) => canary.run(timeoutSeconds),
    left: () => canary.left(),
  };
}

type Variables = Readonly<Record<string, string>>;

async function open(variables: Variables): Promise<FakeCanary> {
  made ??= makeSamples();
  const samples = await made;
  const account = new FakeAccount();
  const target = account.addPipeline('photos', variables);
  account.task = fakeWorker(account);
  account.logLines = ['{"event":"started"}', 'Error: no such module'];
  return {
    account,
    target,
    samples,
    run: (timeoutSeconds = 600) => {
      const revision = account.revisions.get(`${namesOf('photos').templateFamily}:1`);
      if (!revision) throw new Error('there is no revision');
      return runCanary(account.ports(), target, revision, {
        timeoutSeconds,
      });
    },
    left: () =>
      account.objects.keys().filter((path) => /^(sources|renditions)\/canary\//.test(path)),
  };
}

export const ended = (fields: Partial<CanaryTask>): CanaryTask => ({ ...STOPPED, ...fields });

export const exited = (exitCode: number, reason?: string): CanaryTask =>
  ended({ containers: [{ name: 'worker', exitCode, ...(reason && { reason }) }] });
