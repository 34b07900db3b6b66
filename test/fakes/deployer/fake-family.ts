import { REVISION_TAGS } from '../../../contract/delivery';
import type { ParameterValue, Revision } from '../../../deployer/ports';
import type { RollbackPorts } from '../../../deployer/rollback';

/**
 * 2026-01-01, when revision 0 would have been registered; every other one came a day after the one
 * before.
 */
export const FIRST_DAY = Date.UTC(2026, 0, 1);
export const DAY = 86_400_000;

export const digestOf = (number: number) => `sha256:${String(number).padStart(64, '0')}`;

/** One family of revisions with its parameters and its repository, in memory, for tests. */
export interface FamilyDouble extends RollbackPorts {
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

export function familyDouble({
  family,
  repository,
  numbers,
  parameters,
}: FamilyFacts): FamilyDouble {
  const revisions = new Map(
    numbers.map((n) => [`${family}:${n}`, revision(family, repository, n)]),
  );
  const history = new Map(Object.entries(parameters).map(([name, values]) => [name, [...values]]));
  const digests = new Set(numbers.map(digestOf));
  const named = (text: string) => text.slice(text.lastIndexOf('/') + 1);
  const valuesOf = (name: string) => {
    const values = history.get(name);
    if (!values) throw new Error(`there is no parameter ${name}`);
    return values;
  };
  return {
    history,
    revisions,
    digests,
    deregister: (number) => {
      const name = `${family}:${number}`;
      const before = revisions.get(name);
      if (!before) throw new Error(`there is no ${name}`);
      revisions.set(name, { ...before, isActive: false });
    },
    taskDefinitions: {
      describe: async (text) => revisions.get(named(text)),
      list: async (wanted) =>
        [...revisions.values()]
          .filter(({ isActive, name }) => isActive && name.startsWith(`${wanted}:`))
          .map(({ arn }) => arn)
          .reverse(),
      register: () => Promise.reject(new Error('a rollback registers nothing')),
      deregister: () => Promise.reject(new Error('a rollback deregisters nothing')),
    },
    parameters: {
      read: async (name): Promise<ParameterValue> => {
        const values = valuesOf(name);
        return { value: values.at(-1) ?? '', version: values.length };
      },
      write: async (name, value) => valuesOf(name).push(value),
      readVersion: async (name, version) => valuesOf(name)[version - 1] ?? '',
      history: async (name) =>
        valuesOf(name)
          .map((value, at) => ({ value, modifiedAt: FIRST_DAY + at * DAY }))
          .reverse(),
    },
    images: {
      has: async (wanted, digest) => wanted === repository && digests.has(digest),
      tag: () => Promise.reject(new Error('a rollback tags nothing')),
    },
  };
}

function revision(family: string, repository: string, number: number): Revision {
  const arn = `arn:aws:ecs:eu-central-1:123456789012:task-definition/${family}`;
  const image = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/${repository}@${digestOf(number)}`;
  return {
    name: `${family}:${number}`,
    arn: `${arn}:${number}`,
    isActive: true,
    registeredAt: FIRST_DAY + number * DAY,
    definition: { family, containerDefinitions: [{ name: 'worker', image, environment: [] }] },
    tags: {
      [REVISION_TAGS.template]: `${arn}-template:2`,
      [REVISION_TAGS.imageDigest]: digestOf(number),
      [REVISION_TAGS.commit]: `c0ffee${number}`,
    },
  };
}
