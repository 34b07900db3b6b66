import fc from 'fast-check';
import { type Moment, thinned } from './charted-run';

const moments = fc.array(fc.nat(1_000), { maxLength: 60 }).map((backlogs) =>
  backlogs.map(
    (backlog, seconds): Moment => ({
      seconds,
      backlog,
      onDemandTasks: 0,
      spotTasks: 0,
      dollars: 0,
    }),
  ),
);

test('a long run keeps its peak, its first and its last moment, in order', () => {
  fc.assert(
    fc.property(moments, fc.integer({ min: 3, max: 20 }), (all, most) => {
      const kept = thinned(all, most);
      expect(kept).toHaveLength(Math.min(all.length, most));
      expect([kept[0], kept.at(-1)]).toEqual([all[0], all.at(-1)]);
      const peak = (of: readonly Moment[]) => Math.max(0, ...of.map(({ backlog }) => backlog));
      expect(peak(kept)).toBe(peak(all));
      const order = kept.map(({ seconds }) => seconds);
      expect(order).toEqual([...new Set(order)].sort((one, other) => one - other));
    }),
  );
});
