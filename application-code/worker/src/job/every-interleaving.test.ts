import { Crossroads, type Setting, type Step } from '../../../../test/fakes/worker/crossroads';

/**
 * Goes every way there is, depth first; where ways part, all but the last start from the beginning
 * again. Two ways that lead to the same state continue alike, so that one of them is followed;
 * `ways` counts all of them.
 */
async function everyWay(
  setting: Setting,
): Promise<{ ways: number; states: number; wrong: Step[][] }> {
  const waysFrom = new Map<string, number>();
  const wrong: Step[][] = [];
  const follow = async (way: readonly Step[], crossroads: Crossroads): Promise<number> => {
    const { state, steps } = crossroads;
    const known = waysFrom.get(state);
    if (known !== undefined) return known;
    if (steps.length === 0 && !crossroads.isNewest) wrong.push([...way]);
    let ways = steps.length === 0 ? 1 : 0;
    for (const [at, step] of steps.entries()) {
      const isLast = at === steps.length - 1;
      const next = isLast ? crossroads : await Crossroads.after(setting, way);
      await next.take(step);
      ways += await follow([...way, step], next);
    }
    waysFrom.set(state, ways);
    return ways;
  };
  const ways = await follow([], await Crossroads.after(setting, []));
  return { ways, states: waysFrom.size, wrong };
}

describe('two workers on one source, with three versions or, where it fails, two,', () => {
  test.each([1, 2])(
    'end on the newest version in every order of their effects, with %i event(s) of the first',
    async (events) => {
      const { ways, states, wrong } = await everyWay({ versions: 3, mayGiveUp: false, events });
      process.stdout.write(`${ways} interleavings through ${states} states\n`);
      expect(wrong).toEqual([]);
      expect(ways).toBeGreaterThan(100_000);
    },
  );

  test('fails when a PUT lands after its worker gave up: that is not promised', async () => {
    const { wrong } = await everyWay({ versions: 2, mayGiveUp: true, events: 1 });
    const shortest = wrong.sort((one, other) => one.length - other.length)[0] ?? [];
    process.stdout.write(`The shortest way to an older version: ${shortest.join(', ')}\n`);
    expect(wrong.length).toBeGreaterThan(0);
    expect(wrong.every((way) => way.includes('A gives up'))).toBe(true);
    expect(wrong.every((way) => way.indexOf('A gives up') < way.lastIndexOf('A write'))).toBe(true);
  });

  test('end with a sample of the newest version, also if a part lands late or never', async () => {
    const setting = { versions: 2, mayGiveUp: true, isDataset: true, events: 1 };
    const { ways, states, wrong } = await everyWay(setting);
    process.stdout.write(`${ways} interleavings of samples through ${states} states\n`);
    expect(wrong).toEqual([]);
    expect(ways).toBeGreaterThan(1_000);
  });

  test('fails even when every write is conditional: equal content has an equal ETag', async () => {
    const setting = { versions: 2, mayGiveUp: true, isConditional: true, events: 1 };
    const { wrong } = await everyWay(setting);
    const shortest = wrong.sort((one, other) => one.length - other.length)[0] ?? [];
    process.stdout.write(
      `The shortest way to an older version with conditional writes: ${shortest.join(', ')}\n`,
    );
    expect(wrong.length).toBeGreaterThan(0);
  });
});
