/**
 * Who takes turns does so in another order each time: the one after a program that has taken all
 * cores may find a slower machine.
 */
export function shuffled<Item>(items: readonly Item[]): Item[] {
  const drawn = items.map((item) => ({ item, lot: Math.random() }));
  return drawn.toSorted((one, other) => one.lot - other.lot).map(({ item }) => item);
}
