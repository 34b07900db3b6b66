/**
 * How a new build of a workload is tried before the fleet gets it. The deployer asks for a trial,
 * lets one task of the new build process the samples, and asks what is wrong with what came out.
 */
export interface Canary {
  /**
   * @param environment variables of the worker's container; the workload reads its own and ignores
   *   the others.
   * @throws Error when these settings leave no sample, or when the workload cannot say what must
   *   come out.
   */
  prepare(environment: Readonly<Record<string, string>>): Promise<Trial>;
}

export interface Trial {
  readonly samples: readonly Sample[];
  /** @returns a sentence, without its end, for each fault; none when the build passes. */
  judge(read: OutputReader): Promise<readonly string[]>;
}

/** A source object by which a build is tried. */
export interface Sample {
  /** Path below the source prefix. */
  readonly path: string;
  readonly body: Buffer;
  readonly contentType: string;
}

/** Reads an output by its path below the destination prefix; undefined when it is missing. */
export type OutputReader = (path: string) => Promise<CanaryOutput | undefined>;

/** An object that the task wrote. */
export interface CanaryOutput {
  readonly body: Buffer;
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly metadata: Readonly<Record<string, string>>;
}
