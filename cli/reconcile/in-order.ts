/** Works on several items at a time, and gives the results in the order of the items. */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  atATime: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  for await (const item of items) {
    const result = work(item);
    // It is thrown when its turn comes; whoever ends before that needs it no more.
    result.catch(() => undefined);
    underWay.push(result);
    if (underWay.length >= atATime) yield await (underWay.shift() as Promise<Result>);
  }
  for (const result of underWay) yield await result;
}
