import { commandRecipe } from '../../application-code/command/command-recipe';

/** Counts the words of each text: `a.txt` becomes `a.txt.words`. */
export const recipe = commandRecipe({
  argv: ['./count-words.sh'],
  outputs: ['{name}.words'],
  jobCpus: 0.5,
  jobMemoryMiB: 64,
});
