/** What a deploy needs of the outside world, at the size it needs; `aws/` implements it, tests play it. */

/** A container of a task definition, as ECS describes it: only what is read here is named, all else is passed on. */
export interface ContainerDescription {
  readonly name: string;
  readonly image: string;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly [field: string]: unknown;
}

/** A revision as RegisterTaskDefinition takes it, without a field that only ECS fills; nothing else is lost. */
export interface TaskDefinition {
  readonly family: string;
  readonly containerDefinitions: readonly ContainerDescription[];
  readonly [field: string]: unknown;
}

export interface Revision {
  /** `family:revision`. */
  readonly name: string;
  readonly arn: string;
  /** `false` once it is deregistered. */
  readonly isActive: boolean;
  /** Milliseconds since the epoch; absent where ECS does not say. */
  readonly registeredAt?: number;
  readonly definition: TaskDefinition;
  readonly tags: Readonly<Record<string, string>>;
}

export interface TaskDefinitions {
  /** @param revision `family:revision` or an ARN. @returns undefined when there is none. */
  describe(revision: string): Promise<Revision | undefined>;
  register(definition: TaskDefinition, tags: Readonly<Record<string, string>>): Promise<Revision>;
  /** @param revision `family:revision` or an ARN. */
  deregister(revision: string): Promise<void>;
  /** ARNs of the active revisions of one family, newest first. */
  list(family: string): Promise<readonly string[]>;
}

export interface ParameterValue {
  readonly value: string;
  /** Grows by one with every write. */
  readonly version: number;
}

export interface Parameters {
  /** @throws Error that names the parameter when there is none. */
  read(name: string): Promise<ParameterValue>;
  /** @returns the version that this write made. */
  write(name: string, value: string): Promise<number>;
  /** The value that a version had. */
  readVersion(name: string, version: number): Promise<string>;
}

/** The images of one ECR repository. */
export interface Images {
  /** @param digest `sha256:…`. */
  has(repository: string, digest: string): Promise<boolean>;
  /** Adds a tag to an image, so that the repository's lifecycle keeps it. A tag that it has already changes nothing. */
  tag(repository: string, digest: string, tag: string): Promise<void>;
}
