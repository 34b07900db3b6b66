import type { Variables } from '../../../../text/variables';

/**
 * What a workload says of its recipe. Configuration, command line, local mode, `reconcile` and the
 * deployer ask it, and nothing else looks into a recipe; so the file that implements it loads no
 * native module. It is `recipe.ts` in the workload's folder, and exports `recipe`.
 */
export interface WorkloadRecipe<Recipe = unknown> {
  /** What a recipe says, for the documentation. */
  readonly about?: string;
  /** What is done when no recipe is given. */
  readonly default: Recipe;
  /** Names that `parse` takes in place of a recipe. */
  readonly presets?: readonly string[];
  /**
   * Reads a recipe from JSON.
   * @throws RecipeError with every fault at once.
   */
  parse(json: string): Recipe;
  /**
   * The outputs of every source object, in the order of the recipe; at least one. `manifest`: their
   * keys are known only when they are made. They then lie below `<source path>.out/`, and the
   * engine writes a manifest of them last.
   */
  outputs(recipe: Recipe): readonly OutputPlan[] | 'manifest';
  /**
   * What shapes every output beside the recipe, such as the command line of a program: a change of
   * it is a change of the recipe. Outputs that are planned have it in their `settings`.
   */
  readonly shapes?: object;
  /** What one job takes, where that decides how many a task does at a time. */
  readonly jobSize?: JobSize;
  /**
   * What a Spot interruption does to a job that is under way. `finish`, the default: it has until
   * the drain deadline. `stop`: its signal is aborted at once, since it cannot be done in time.
   */
  readonly onInterruption?: OnInterruption;
  /** What else can be set: settings of a pipeline, and variables of the worker's container. */
  readonly settings?: Variables;
  /** Codes of the faults that the workload adds to the engine's, with what a user can do. */
  readonly faults: Readonly<Record<string, string>>;
  /** Variables with which its process runs, as its Dockerfile sets them. */
  readonly processVariables?: Readonly<Record<string, string>>;
}

export type OnInterruption = 'finish' | 'stop';

/** What one job takes while it is worked on. */
export interface JobSize {
  /** CPUs, above 0; 0.5 is half of one. */
  readonly cpus: number;
  readonly memoryMiB: number;
}

/**
 * What the configuration of a pipeline takes of each workload, for editors: `recipe.ts` adds its
 * workload by its name, with the type of its recipe and of its `settings`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: each workload extends it.
export interface Workloads {}

/** One output that a recipe asks for. */
export interface OutputPlan {
  /** Unique in its recipe: `[A-Za-z0-9._-]+`. */
  readonly name: string;
  /** Where its keys begin, below the destination prefix; empty or ending in a slash. */
  readonly folder: string;
  /** Its key below the folder. No two source paths may share one. */
  pathOf(sourcePath: string): string;
  /** All that shapes its content: an output of other settings is of an older recipe. */
  readonly settings: object;
  /** Whether a source of which it cannot be made ends without it. */
  readonly isOptional?: boolean;
  /** Whether it is the engine's own, which lists outputs whose keys no plan knows. */
  readonly isManifest?: boolean;
}

/** An output that cannot be made of a source, and that the recipe does without. */
export interface SkippedOutput {
  /** The output's name in the recipe. */
  readonly name: string;
  readonly because: string;
}

/** A recipe that cannot be followed. The message has one sentence for each of its faults. */
export class RecipeError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'RecipeError';
  }
}
