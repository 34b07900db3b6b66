import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outFolder, outputPlans, parseManifest } from '../worker/src/job/manifest';
import type { Canary, CanaryOutput, OutputReader, Sample } from '../worker/src/workload/canary';
import type { OutputPlan } from '../worker/src/workload/recipe';
import type { JobRecipe } from './command-recipe';
import { contentFault } from './content-fault';
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

/** An output that must be there, by its path below the destination prefix. */
interface ExpectedOutput {
  readonly path: string;
  readonly contentType: string;
}

async function judge(
  samples: readonly Sample[],
  plans: readonly OutputPlan[],
  read: OutputReader,
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const sample of samples) {
    for (const plan of plans) {
      const path = `${plan.folder}${plan.pathOf(sample.path)}`;
      const output = await read(path);
      const fault = await faultOf(output, { path, contentType: contentTypeOf(path) });
      if (fault) faults.push(fault);
      else if (output && plan.isManifest)
        faults.push(...(await listedFaults(sample, output.body, read)));
    }
  }
  return faults;
}

/** What is wrong with the outputs that a manifest lists. */
async function listedFaults(
  { path }: Sample,
  manifest: Buffer,
  read: OutputReader,
): Promise<readonly string[]> {
  const { outputs } = parseManifest(manifest.toString());
  if (outputs.length === 0) return [`${path} has no output`];
  const faults: string[] = [];
  for (const { key } of outputs) {
    const listed = key.slice(key.lastIndexOf(outFolder(path)));
    const expected = { path: listed, contentType: contentTypeOf(listed) };
    const fault = await faultOf(await read(listed), expected);
    if (fault) faults.push(fault);
  }
  return faults;
}

async function faultOf(
  output: CanaryOutput | undefined,
  { path, contentType }: ExpectedOutput,
): Promise<string | undefined> {
  if (output === undefined) return `${path} was not written`;
  if (output.body.length === 0) return `${path} is empty`;
  if (output.contentType !== contentType)
    return `${path} must have the type ${contentType}, but has ${output.contentType ?? 'none'}`;
  const fault = await contentFault(path, contentType, output.body);
  return fault && `${path} ${fault}`;
}
