import * as z from 'zod/mini';
import { PermanentFault } from '../faults';
import type { OutputPlan, WorkloadRecipe } from '../workload/recipe';

/** The folder of all manifests below the destination prefix. */
const MANIFESTS = 'manifests/';
/** Ends the folder that has the outputs of one source. */
const OUT = '.out/';
export const MANIFEST_TYPE = 'application/json';

const output = z.object({
  key: z.string(),
  bytes: z.number(),
  /** Of its content, in hexadecimal digits. */
  sha256: z.string(),
  contentType: z.string(),
});

const manifest = z.object({
  /** The version that the outputs were made of. */
  source: z.object({
    bucket: z.string(),
    key: z.string(),
    /** In quotes, as S3 says it. */
    etag: z.string(),
    bytes: z.number(),
  }),
  /** Of the recipe that they were made by; their metadata has it, too. */
  recipeHash: z.string(),
  outputs: z.readonly(z.array(output)),
});

/** An output whose key was not known before. */
export type ListedOutput = Readonly<z.infer<typeof output>>;

/** Lists the outputs of one source object whose keys no recipe knows. It is written after them. */
export type Manifest = Readonly<z.infer<typeof manifest>>;

export function manifestText({ outputs, ...rest }: Manifest): string {
  const sorted = [...outputs].sort((a, b) => (a.key < b.key ? -1 : 1));
  return `${JSON.stringify({ ...rest, outputs: sorted }, null, 1)}\n`;
}

/** @throws Error when the text is no manifest. */
export function parseManifest(text: string): Manifest {
  return manifest.parse(JSON.parse(text));
}

/**
 * What the engine writes for every source object: the outputs that the recipe plans, or a manifest
 * of those that it cannot know before.
 */
export function outputPlans<Recipe>(
  workload: Pick<WorkloadRecipe<Recipe>, 'outputs' | 'shapes'>,
  recipe: Recipe,
): readonly OutputPlan[] {
  const outputs = workload.outputs(recipe);
  return outputs === 'manifest' ? [manifestPlan(recipe, workload.shapes)] : outputs;
}

function manifestPlan(recipe: unknown, shapes: object | undefined): OutputPlan {
  const isObject = typeof recipe === 'object' && recipe !== null;
  return {
    name: 'manifest',
    folder: MANIFESTS,
    pathOf: (sourcePath) => `${withoutOutFolder(sourcePath)}.json`,
    settings: shapes || !isObject ? { ...shapes, recipe } : recipe,
    isManifest: true,
  };
}

/** Plan of an output by its path below the folder of its source. */
export function listedPlan(name: string): Pick<OutputPlan, 'name' | 'folder' | 'pathOf'> {
  return { name, folder: '', pathOf: (sourcePath) => `${outFolder(sourcePath)}${name}` };
}

/** Path of an output below the folder of its source, by its path below the destination prefix. */
export function nameOfListed(path: string): string {
  return path.slice(path.indexOf(OUT) + OUT.length);
}

/** The folder, below the destination prefix, of the outputs of one source. */
export function outFolder(sourcePath: string): string {
  return `${withoutOutFolder(sourcePath)}${OUT}`;
}

/** The outputs of `a.out/b` would lie among those of `a`, so that one could overwrite the other. */
function withoutOutFolder(sourcePath: string): string {
  if (!sourcePath.includes(OUT)) return sourcePath;
  throw new PermanentFault(
    'KeyReserved',
    `The source key has a folder that ends in ${OUT}, where outputs of other sources lie: rename ` +
      'the folder and upload the file again.',
  );
}
