import { REVISION_TAGS } from '../../../contract/delivery';
import type { Revision } from '../../../deployer/ports';
import type { RollbackPorts } from '../../../deployer/rollback';
import {
  ACCOUNT,
  DAY,
  digestOf,
  FIRST_DAY,
  fakeImages,
  fakeParameters,
  fakeTaskDefinitions,
  revisionArn,
} from '../account';

/** One family of revisions with its parameters and its repository, in memory. */
export interface FakeFamily extends RollbackPorts {
  /** Every value that a parameter had, oldest first. */
  readonly history: Map<string, string[]>;
  readonly revisions: Map<string, Revision>;
  readonly digests: Set<string>;
  readonly deregister: (number: number) => void;
}

export interface FamilyFacts {
  readonly family: string;
  readonly repository: string;
  /** Numbers of the revisions that there are. */
  readonly numbers: readonly number[];
  /** Every value that each had, oldest first. */
  readonly parameters: Readonly<Record<string, readonly string[]>>;
}

/** Revision n was registered n days after {@link FIRST_DAY}. */
export function fakeFamily({ family, repository, ...facts }: FamilyFacts): FakeFamily {
  const history = new Map(
    Object.entries(facts.parameters).map(([name, values]) => [name, [...values]]),
  );
  const taskDefinitions = fakeTaskDefinitions();
  const images = fakeImages();
  for (const number of facts.numbers) {
    const digest = digestOf(number);
    images.digests.add(digest);
    const image = `${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/${repository}@${digest}`;
    const containerDefinitions = [{ name: 'worker', image, environment: [] }];
    const definition = { family, containerDefinitions };
    taskDefinitions.add(`${family}:${number}`, definition, {
      registeredAt: FIRST_DAY + number * DAY,
      tags: {
        [REVISION_TAGS.template]: revisionArn(`${family}-template:2`),
        [REVISION_TAGS.imageDigest]: digest,
        [REVISION_TAGS.commit]: `c0ffee${number}`,
      },
    });
  }
  return {
    history,
    revisions: taskDefinitions.revisions,
    digests: images.digests,
    deregister: (number) => void taskDefinitions.deregister(`${family}:${number}`),
    taskDefinitions,
    parameters: fakeParameters(history),
    images,
  };
}
