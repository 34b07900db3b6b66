import { outputPlans } from '../worker/src/job/manifest';
import { recipeHash } from '../worker/src/job/recipe-hash';
import { RecipeError } from '../worker/src/workload/recipe';
import { commandRecipe, jobRecipe } from './command-recipe';
import { type CommandDefinition, DefinitionError } from './definition';

/** What is wrong with a definition. */
function faultsOf(definition: object): readonly string[] {
  try {
    commandRecipe({ argv: ['./x'], ...definition } as CommandDefinition);
  } catch (error) {
    if (error instanceof DefinitionError) return error.faults;
    throw error;
  }
  return [];
}

describe('commandRecipe', () => {
  test.each([
    [{ argv: [] }, 'argv must be a program and its arguments'],
    [{ argv: './x' }, 'argv must be a program and its arguments'],
    [{ argv: [''] }, 'argv must be a program and its arguments'],
    [{ argv: ['./x', 1] }, 'argv must be a program and its arguments'],
    [{ outputs: [] }, "outputs must be 'any' or a list of patterns, but [] was given"],
    [{ outputs: 'all' }, "outputs must be 'any' or a list of patterns"],
    [{ outputs: ['out.txt'] }, 'an output must be like'],
    [{ outputs: ['{stem}.txt'] }, '{stem} needs exactly one suffix'],
    [{ outputs: ['{stem}.txt'], suffixes: ['.a', '.b'] }, '{stem} needs exactly one suffix'],
    [{ outputs: ['{name}', '{name}'] }, 'outputs "{name}" and "{name}" could write one key'],
    [{ outputs: ['a/b{name}', 'a-b{name}'] }, 'two outputs would have the name a-bname'],
    [{ suffixes: ['.wav', 'x.wav'] }, 'suffix "x.wav" ends in another one'],
    [{ suffixes: ['a/b'] }, 'a suffix must be'],
    [{ suffixes: '.wav' }, 'suffixes must be a list'],
    [{ jobCpus: 0 }, 'jobCpus must be a number from 0.1 to 16 CPUs, but 0 was given'],
    [{ jobMemoryMiB: 1.5 }, 'jobMemoryMiB must be a whole number from 16 to 122880 MiB'],
    [{ jobMemoryMiB: '512' }, 'jobMemoryMiB must be a whole number'],
    [{ jobDiskMiB: 0 }, 'jobDiskMiB must be'],
    [{ maxOutputFiles: 1e6 }, 'maxOutputFiles must be'],
    [{ onInterruption: 'wait' }, "onInterruption must be 'finish' or 'stop', but"],
    [{ default: [] }, 'default must be an object'],
    [{ jobMemory: 512 }, 'jobMemory is unknown; did you mean jobMemoryMiB?'],
  ])('refuses %j', (definition, fault) => {
    expect(faultsOf(definition)).toEqual([expect.stringContaining(fault)]);
  });

  test('says everything that is wrong at once', () => {
    expect(faultsOf({ argv: [], jobCpus: -1, outputs: ['x'] })).toHaveLength(3);
  });

  test('tells the engine what a job takes', () => {
    const { jobSize, onInterruption } = commandRecipe({
      argv: ['./x'],
      jobCpus: 0.5,
      onInterruption: 'stop',
    });
    expect(jobSize).toEqual({ cpus: 0.5, memoryMiB: 512 });
    expect(onInterruption).toBe('stop');
  });

  test('plans each output', () => {
    const recipe = commandRecipe({
      argv: ['./x'],
      suffixes: ['.mov'],
      outputs: ['web/{stem}.mp4', 'posters/{stem}.jpg'],
    });
    const plans = recipe.outputs({ width: 640 });
    if (plans === 'manifest') throw new Error('The outputs are declared.');
    expect(plans.map(({ name, folder }) => [name, folder])).toEqual([
      ['web-stem.mp4', 'web/'],
      ['posters-stem.jpg', 'posters/'],
    ]);
    expect(plans.map((plan) => plan.pathOf('a/b.mov'))).toEqual(['a/b.mp4', 'a/b.jpg']);
    expect(plans[0]?.settings).toEqual({
      argv: ['./x'],
      output: 'web/{stem}.mp4',
      recipe: { width: 640 },
    });
  });

  test("has a manifest for 'any'", () => {
    expect(commandRecipe({ argv: ['./x'], outputs: 'any' }).outputs({})).toBe('manifest');
  });

  test.each<NonNullable<CommandDefinition['outputs']>>(['any', ['{name}']])(
    'has another hash for another command line: %j',
    (outputs) => {
      const hashOf = (argv: readonly string[]) => {
        const plans = outputPlans(commandRecipe({ argv, outputs }), { width: 640 });
        return plans.map(recipeHash).join();
      };
      expect(hashOf(['./x', '-q'])).not.toBe(hashOf(['./x']));
      expect(hashOf(['./x'])).toBe(hashOf(['./x']));
    },
  );
});

describe('the recipe of a program', () => {
  const { parse } = commandRecipe({ argv: ['./x'] });

  test('is any JSON object', () => {
    expect(parse('{"deep": {"list": [1, null]}}')).toEqual({ deep: { list: [1, null] } });
  });

  test.each(['[]', '7', 'null', '"a"', '{', ''])('is not %s', (json) => {
    expect(() => parse(json)).toThrow('RECIPE must be a JSON object such as {"quality": 80}, but');
  });

  test('may be checked and completed by the workload', () => {
    const own = jobRecipe({
      default: { dpi: 300 },
      parse: ({ dpi = 300, ...rest }) => {
        if (Object.keys(rest).length === 0) return { dpi };
        throw new RecipeError(['dpi is all that can be set']);
      },
    });
    expect(own.default).toEqual({ dpi: 300 });
    expect(own.parse('{}')).toEqual({ dpi: 300 });
    expect(() => own.parse('{"dip": 1}')).toThrow('dpi is all that can be set');
  });
});
