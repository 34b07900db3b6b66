import type { OutputPlan } from '../../application-code/worker/src/workload/recipe';
import type { ListedObject } from '../ports/buckets';
import type { FindSettings } from './find-missing';

/** The listing of one output, read as far as the source's is. */
export class OutputCursor {
  private readonly listing: AsyncIterator<ListedObject>;
  private current: ListedObject | undefined;
  private isBegun = false;

  constructor(
    { buckets, worker, startAfter }: Pick<FindSettings, 'buckets' | 'worker' | 'startAfter'>,
    readonly output: OutputPlan,
  ) {
    const prefix = `${worker.destinationPrefix}${output.folder}`;
    const after = startAfter === undefined ? '' : startAfter.slice(worker.sourcePrefix.length);
    this.listing = buckets
      .list(worker.destination, prefix, after === '' ? undefined : `${prefix}${after}`)
      [Symbol.asyncIterator]();
  }

  /** An output as it is listed. Keys are asked for in the order of the sources. */
  readonly find = async (key: string): Promise<ListedObject | undefined> => {
    if (!this.isBegun) await this.next();
    while (this.current !== undefined && compareKeys(this.current.key, key) < 0) await this.next();
    return this.current?.key === key ? this.current : undefined;
  };

  async close(): Promise<void> {
    await this.listing.return?.();
  }

  private async next(): Promise<void> {
    this.isBegun = true;
    const { done, value } = await this.listing.next();
    this.current = done ? undefined : value;
  }
}

/**
 * The order in which S3 lists: by the bytes of UTF-8, which is not that of JavaScript's strings.
 */
export function compareKeys(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
