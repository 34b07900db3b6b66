import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outputPlans } from '../worker/src/job/manifest';
import type { Canary, CanaryOutput, OutputReader, Sample } from '../worker/src/workload/canary';
import type { OutputPlan } from '../worker/src/workload/recipe';
import type { JobRecipe } from './command-recipe';
import { contentTypeOf } from './content-type';

/** From the sources, and from the deployer's bundle, which lies two folders below the root. */
const PLACES = [join(__dirname, '..'), join(__dirname, '../../application-code')];

/**
 * Tries a build with the files in `samples/` of the workload: each must end with all its outputs,
 * none empty, each of the type that its name says.
 * @param workload name of its folder.
 */
export function commandCanary(
  recipe: JobRecipe,
  workload: string,
  places: readonly string[] = PLACES,
): Canary {
  return {
    async prepare({ RECIPE, MAX_SOURCE_BYTES }) {
      const plans = outputPlans(recipe, RECIPE ? recipe.parse(RECIPE) : recipe.default);
      const { suffixes = [''] } = recipe.definition;
      const mostBytes = Number(MAX_SOURCE_BYTES || Number.POSITIVE_INFINITY);
      const samples = samplesOf(workload, places).filter(
        ({ path, body }) =>
          suffixes.some((suffix) => path.endsWith(suffix)) && body.length <= mostBytes,
      );
      if (samples.length === 0) throw noSample(workload, suffixes, mostBytes);
      return { samples, judge: (read) => judge(samples, plans, read) };
    },
  };
}

function samplesOf(workload: string, places: readonly string[]): readonly Sample[] {
  const folder = places
    .map((place) => join(place, workload, 'samples'))
    .find((place) => existsSync(place));
  if (folder === undefined) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => ({
      path: name,
      body: readFileSync(join(folder, name)),
      contentType: contentTypeOf(name),
    }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

function noSample(workload: string, suffixes: readonly string[], mostBytes: number): Error {
  const ending = suffixes.some((suffix) => suffix !== '')
    ? ` that ends in ${suffixes.join(' or ')}`
    : '';
  const size = Number.isFinite(mostBytes) ? ` of at most ${mostBytes} bytes` : '';
  return new Error(
    `A canary needs a sample, but application-code/${workload}/samples/ has no file${ending}` +
      `${size}: put a small one there.`,
  );
}

async function judge(
  samples: readonly Sample[],
  plans: readonly OutputPlan[],
  read: OutputReader,
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const { path } of samples) {
    for (const plan of plans) {
      const output = `${plan.folder}${plan.pathOf(path)}`;
      const fault = faultOf(await read(output), contentTypeOf(output));
      if (fault) faults.push(`${output} ${fault}`);
    }
  }
  return faults;
}

function faultOf(output: CanaryOutput | undefined, expectedType: string): string | undefined {
  if (output === undefined) return 'was not written';
  if (output.body.length === 0) return 'is empty';
  return output.contentType === expectedType
    ? undefined
    : `must have the type ${expectedType}, but has ${output.contentType ?? 'none'}`;
}
