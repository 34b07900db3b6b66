import {
  RecipeError,
  type WorkloadRecipe,
} from '../../application-code/worker/src/workload/recipe';

const ALGORITHMS = ['sha256', 'sha512', 'md5'];

/** The name of an algorithm. Each file becomes its checksum: `a.bin` becomes `a.bin.sha256`. */
export const recipe: WorkloadRecipe<string> = {
  default: 'sha256',
  parse(json) {
    const algorithm = ALGORITHMS.find((name) => JSON.stringify(name) === json.trim());
    if (algorithm) return algorithm;
    const known = ALGORITHMS.map((name) => JSON.stringify(name)).join(', ');
    throw new RecipeError([`RECIPE must be one of ${known}, but ${json} was given`]);
  },
  outputs: (algorithm) => [
    {
      name: 'checksum',
      folder: '',
      pathOf: (sourcePath) => `${sourcePath}.${algorithm}`,
      settings: { algorithm },
    },
  ],
  faults: {},
};
