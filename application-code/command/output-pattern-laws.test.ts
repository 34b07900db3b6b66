import fc from 'fast-check';
import { commandRecipe } from './command-recipe';
import { DefinitionError } from './definition';
import { collisions, keyOf, type OutputPattern, parsePattern } from './output-pattern';

/** Few and alike, so that names meet where a rule lets them. */
const SUFFIXES = ['.bin', '.txt', 'n'] as const;
const piece = fc.constantFrom('a', '-', '.bin');
const pieces = (minLength: number, maxLength: number) =>
  fc.array(piece, { minLength, maxLength }).map((all) => all.join(''));
const folders = fc
  .array(fc.constantFrom('a', 'a.bin'), { maxLength: 2 })
  .map((all) => all.map((one) => `${one}/`).join(''));
const pattern = fc
  .tuple(folders, pieces(0, 1), fc.constantFrom('{name}', '{stem}'), pieces(0, 1))
  .map((parts) => parts.join(''));
const suffixes = fc.subarray([...SUFFIXES], { maxLength: 2 });

const parsed = (text: string) => parsePattern(text) as OutputPattern;
const keyIn = (one: OutputPattern, all: readonly string[], source: string) =>
  `${one.folder}${keyOf(one, all, source)}`;

/** Undefined for a definition that is refused. */
function recipeOf(outputs: readonly string[], given: readonly string[]) {
  try {
    return commandRecipe({ argv: ['true'], outputs, suffixes: given });
  } catch (error) {
    if (error instanceof DefinitionError) return undefined;
    throw error;
  }
}

test('no two outputs of any sources share a key, whatever definition is taken', () => {
  let taken = 0;
  fc.assert(
    fc.property(
      fc.uniqueArray(pattern, { minLength: 1, maxLength: 3 }),
      suffixes,
      fc.array(fc.tuple(folders, pieces(1, 2), fc.nat(1)), { minLength: 2, maxLength: 12 }),
      (outputs, given, parts) => {
        const recipe = recipeOf(outputs, given);
        if (!recipe) return;
        taken += 1;
        const plans = recipe.outputs({});
        if (plans === 'manifest') throw new Error('These outputs are declared.');
        const sources = new Set(
          parts.map(([folder, base, at]) => `${folder}${base}${given[at % given.length] ?? ''}`),
        );
        const keys = [...sources].flatMap((source) =>
          plans.map(({ folder, pathOf }) => `${folder}${pathOf(source)}`),
        );
        expect(new Set(keys).size).toBe(sources.size * plans.length);
        expect(new Set(plans.map(({ name }) => name)).size).toBe(plans.length);
      },
    ),
    { numRuns: 3_000 },
  );
  expect(taken).toBeGreaterThan(300);
});

test('patterns that are refused could write one key: there are sources for which they do', () => {
  let refused = 0;
  fc.assert(
    fc.property(pattern, pattern, suffixes, (first, second, given) => {
      const [one, other] = [parsed(first), parsed(second)];
      const hasStem = first.includes('{stem}') || second.includes('{stem}');
      if ((hasStem && given.length !== 1) || collisions([one, other], given).length === 0) return;
      refused += 1;
      const keys = witnesses(one, other, given).map(([source, another]) => [
        keyIn(one, given, source),
        keyIn(other, given, another),
      ]);
      expect(keys.some(([key, same]) => key === same)).toBe(true);
    }),
    { numRuns: 3_000 },
  );
  expect(refused).toBeGreaterThan(100);
});

/** Sources that are made for it: one for each pattern, whatever ends they have. */
function witnesses(one: OutputPattern, other: OutputPattern, given: readonly string[]) {
  const longer = (a: string, b: string) => (a.length > b.length ? a : b);
  const before = longer(one.before, other.before);
  const endings = given.length > 0 ? given : [''];
  return endings.flatMap((suffix) =>
    endings.map((another) => {
      const ends = [one, other].map(({ kept, after }, at) =>
        kept === 'name' ? `${at === 0 ? suffix : another}${after}` : after,
      );
      const file = `${before}x${longer(ends[0] ?? '', ends[1] ?? '')}`;
      const sourceOf = (pattern: OutputPattern, folder: string, end: string) => {
        const core = file.slice(pattern.before.length, file.length - pattern.after.length);
        return `${folder}${core}${pattern.kept === 'stem' ? end : ''}`;
      };
      const rest = (a: OutputPattern, b: OutputPattern) => b.folder.slice(a.folder.length);
      return [
        sourceOf(one, rest(one, other), suffix),
        sourceOf(other, rest(other, one), another),
      ] as const;
    }),
  );
}
