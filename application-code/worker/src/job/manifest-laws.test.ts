import fc from 'fast-check';
import { PermanentFault } from '../faults';
import { listedPlan, type Manifest, manifestText, outputPlans, parseManifest } from './manifest';

/** Few and alike, so that keys meet where a rule lets them. */
const segment = fc.constantFrom('a', 'a.out', 'manifests', 'a.json', '.out');
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((all) => all.join('/'));
const [manifest] = outputPlans({ outputs: () => 'manifest' }, {});

/** The keys of all outputs of a source; none where the engine refuses it. */
function keysOf(source: string, names: readonly string[]): readonly string[] {
  const plans = [...(manifest ? [manifest] : []), ...names.map(listedPlan)];
  try {
    return plans.map(({ folder, pathOf }) => `${folder}${pathOf(source)}`);
  } catch (error) {
    if (error instanceof PermanentFault && error.code === 'KeyReserved') return [];
    throw error;
  }
}

test('no output or manifest of a source has the key of another, whatever they are called', () => {
  let taken = 0;
  fc.assert(
    fc.property(
      fc.uniqueArray(path, { minLength: 2, maxLength: 6 }),
      fc.uniqueArray(path, { minLength: 1, maxLength: 4 }),
      (sources, names) => {
        const keys = sources.map((source) => keysOf(source, names));
        taken += keys.filter((all) => all.length > 0).length;
        expect(new Set(keys.flat()).size).toBe(keys.flat().length);
      },
    ),
    { numRuns: 5_000 },
  );
  expect(taken).toBeGreaterThan(5_000);
});

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const anyManifest: fc.Arbitrary<Manifest> = fc.record({
  source: fc.record({ bucket: text, key: text, etag: text, bytes: fc.nat() }),
  recipeHash: text,
  outputs: fc.uniqueArray(
    fc.record({ key: text, bytes: fc.nat(), sha256: text, contentType: text }),
    { selector: ({ key }) => key, maxLength: 5 },
  ),
});

test('a manifest is read as it was written, and one list of outputs is always one text', () => {
  fc.assert(
    fc.property(anyManifest, (given) => {
      const written = manifestText(given);
      const read = parseManifest(written);
      expect({ ...read, outputs: new Set(read.outputs) }).toEqual({
        ...given,
        outputs: new Set(given.outputs),
      });
      expect(manifestText({ ...given, outputs: [...given.outputs].reverse() })).toBe(written);
    }),
  );
});
