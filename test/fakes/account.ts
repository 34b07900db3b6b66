import type { NamedParameters } from '../../cli/ports/account';
import type { Images, Revision, TaskDefinition, TaskDefinitions } from '../../deployer/ports';
import { revisionName } from '../../deployer/revisions/revisions';

export const ACCOUNT = '123456789012';
export const DAY = 86_400_000;
/** 2026-01-01: the first value of each parameter; each later one comes a day after the last. */
export const FIRST_DAY = Date.UTC(2026, 0, 1);

export const digestOf = (number: number) => `sha256:${number.toString(16).repeat(64).slice(0, 64)}`;
export const revisionArn = (name: string) =>
  `arn:aws:ecs:eu-central-1:${ACCOUNT}:task-definition/${name}`;

/** Parameter Store in memory. @param values every value of each parameter, oldest first. */
export function fakeParameters(values: Map<string, string[]>): NamedParameters {
  const versions = (name: string) => {
    const all = values.get(name);
    if (!all) throw new Error(`There is no parameter ${name}.`);
    return all;
  };
  const value = (name: string) => versions(name).at(-1) ?? '';
  return {
    read: async (name) => ({ value: value(name), version: versions(name).length }),
    write: async (name, text) => versions(name).push(text),
    readVersion: async (name, version) => versions(name)[version - 1] ?? '',
    history: async (name) =>
      versions(name)
        .map((text, at) => ({ value: text, modifiedAt: FIRST_DAY + at * DAY }))
        .reverse(),
    below: async (path) => {
      const names = [...values.keys()].filter((name) => name.startsWith(path));
      return new Map(names.map((name) => [name, value(name)]));
    },
  };
}

export interface FakeTaskDefinitions extends TaskDefinitions {
  /** By their names, such as `worker:7`. */
  readonly revisions: Map<string, Revision>;
  /** Names of the active revisions of a family, oldest first. */
  active(family: string): string[];
  add(name: string, definition: TaskDefinition, more?: Partial<Revision>): Revision;
}

/** Families of task definitions in memory. */
export function fakeTaskDefinitions(): FakeTaskDefinitions {
  const revisions = new Map<string, Revision>();
  const active = (family: string) =>
    [...revisions.values()]
      .filter(({ isActive, name }) => isActive && name.startsWith(`${family}:`))
      .map(({ name }) => name);
  const add = (name: string, definition: TaskDefinition, more: Partial<Revision> = {}) => {
    const revision = { name, arn: revisionArn(name), isActive: true, tags: {}, definition };
    revisions.set(name, { ...revision, ...more });
    return { ...revision, ...more };
  };
  return {
    revisions,
    active,
    add,
    describe: async (text) => revisions.get(revisionName(text)),
    register: async ({ family, containerDefinitions }, tags) => {
      const ofFamily = [...revisions.keys()].filter((name) => name.startsWith(`${family}:`));
      const definition = { family, cpu: '1024', containerDefinitions };
      return add(`${family}:${ofFamily.length + 1}`, definition, { tags });
    },
    deregister: async (text) => {
      const revision = revisions.get(revisionName(text));
      if (!revision) throw new Error(`There is no ${revisionName(text)}.`);
      revisions.set(revision.name, { ...revision, isActive: false });
    },
    list: async (family) => active(family).map(revisionArn).reverse(),
  };
}

export interface FakeImages extends Images {
  readonly digests: Set<string>;
  /** Each is a digest, a space and a tag. */
  readonly tags: string[];
}

/** Images in memory, whatever their repository. */
export function fakeImages(): FakeImages {
  const digests = new Set<string>();
  const tags: string[] = [];
  return {
    digests,
    tags,
    has: async (_repository, digest) => digests.has(digest),
    tag: async (_repository, digest, tag) => void tags.push(`${digest} ${tag}`),
  };
}
