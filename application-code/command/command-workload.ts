import { existsSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ValuesOf } from '../../text/variables';
import { type Clock, systemClock } from '../worker/src/clock';
import type { ProcessLimits, Processor, Workload } from '../worker/src/workload/workload';
import { argvFaults, argvIn } from './argv';
import type { COMMAND_SETTINGS, CommandRecipe, JobRecipe } from './command-recipe';
import { DEFAULTS, type JsonObject, MIB } from './definition';
import { inheritedVariables } from './environment';
import type { JobFunction } from './job-function';
import { runJobFunction } from './job-function';
import { JobRunner } from './run/job-runner';
import { roomAt } from './run/scratch-disk';
import { Watch } from './run/watch';
import { selfTest } from './self-test';

/** What all folders together may take of the scratch volume; the rest stays free. */
const SHARE_OF_DISK = 0.9;
/** What V8's heap may take of a function's memory; buffers and code take the rest. */
const SHARE_OF_HEAP = 0.75;

/** Where a workload finds itself; a test brings its own. */
export interface WorkloadPlace {
  /** Its folder. */
  readonly folder: string;
  /** Folder of the scratch volume. */
  readonly scratch: string;
  readonly variables: Readonly<Record<string, string>>;
  /** The program of this worker, which starts itself for a function. */
  readonly main: string;
  readonly clock: Clock;
}

/** A workload that runs a program for each source object. */
export function commandWorkload(
  recipe: CommandRecipe,
  place: Partial<WorkloadPlace> = {},
): Workload<JsonObject> {
  const { argv, probe } = recipe.definition;
  const { folder, scratch, variables } = placeOf(place);
  const faults = async () => [
    ...(await argvFaults(folder, argv, variables.PATH ?? '')),
    ...(probe ? await argvFaults(folder, probe, variables.PATH ?? '') : []),
  ];
  return {
    async createProcessor(values, limits) {
      const found = await faults();
      if (found.length > 0) throw new Error(`${found.join('\n')}.`);
      return createRunner(recipe, argvIn(folder, argv), { values, limits, ...placeOf(place) });
    },
    selfTest: (write) =>
      selfTest({ faults, scratch, ...(probe && { probe: argvIn(folder, probe) }) }, write),
  };
}

/**
 * A workload that calls a TypeScript function for each source object, in a process of its own. The
 * same rules hold for it as for a program.
 */
export function jobWorkload(
  recipe: JobRecipe,
  job: JobFunction,
  place: Partial<WorkloadPlace> = {},
): Workload<JsonObject> {
  const { scratch, main } = placeOf(place);
  const { jobMemoryMiB = DEFAULTS.jobMemoryMiB } = recipe.definition;
  const heap = `--max-old-space-size=${Math.floor(jobMemoryMiB * SHARE_OF_HEAP)}`;
  const argv = [process.execPath, heap, main, '--job'];
  return {
    createProcessor: (values, limits) =>
      createRunner(recipe, argv, { values, limits, ...placeOf(place) }),
    selfTest: (write) => selfTest({ faults: async () => [], scratch }, write),
    runJob: () => runJobFunction(job),
  };
}

interface RunnerPlace extends WorkloadPlace {
  readonly values: JsonObject;
  readonly limits: ProcessLimits;
}

function createRunner(
  { definition, patterns }: JobRecipe,
  argv: readonly string[],
  { values, limits, scratch, variables, clock }: RunnerPlace,
): Processor {
  const { freeBytes } = roomAt(scratch);
  const share = Math.floor((freeBytes * SHARE_OF_DISK) / limits.maxProcesses / MIB);
  const { cacheControl } = limits.settings as ValuesOf<typeof COMMAND_SETTINGS>;
  return new JobRunner({
    ...{ argv, definition, patterns, cacheControl, scratch, clock },
    recipe: values,
    inherited: variables,
    diskMiB: definition.jobDiskMiB ?? Math.max(1, share),
    watch: new Watch({ clock, scratch }),
  });
}

function placeOf(place: Partial<WorkloadPlace>): WorkloadPlace {
  return {
    folder: ownFolder(),
    scratch: realpathSync(tmpdir()),
    variables: inheritedVariables(),
    main: process.argv[1] ?? '',
    clock: systemClock,
    ...place,
  };
}

/** From a bundle: `workload/` beside its folder in an image, the folder above it in a checkout. */
function ownFolder(): string {
  const inImage = join(__dirname, '../workload');
  return existsSync(inImage) ? inImage : join(__dirname, '..');
}
