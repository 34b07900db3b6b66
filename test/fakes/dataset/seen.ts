import { parquetMetadata } from 'hyparquet';
import { type FileInTar, tarFiles } from '../../../dataset/shards/tar-files';
import { type Verification, verifyDataset } from '../../../dataset/verify';
import type { DatasetUnderTest } from './dataset-under-test';
import { streamOf } from './rows';

/** A dataset as it lies in its bucket. */
export class SeenDataset {
  constructor(private readonly world: DatasetUnderTest) {}

  get file() {
    return JSON.parse(this.world.destination.text(`${this.world.prefix}dataset.json`) ?? 'null');
  }

  /** The files of each shard, as they lie in the tars. */
  async files(): Promise<readonly (readonly FileInTar[])[]> {
    const keys = this.file.shards.map(({ key }: { key: string }) => key);
    return Promise.all(
      keys.map((key: string) => {
        const body = this.world.destination.get(`${this.world.prefix}${key}`)?.body;
        return tarFiles(streamOf([body ?? Buffer.alloc(0)]));
      }),
    );
  }

  /** The names of the samples of each shard, by their order. */
  async samples(): Promise<string[][]> {
    const shards = await this.files();
    return shards.map((files) => [...new Set(files.map(({ name }) => name.split('.')[0] ?? ''))]);
  }

  /** Parquet's type of each column of the index. */
  columnTypes(): Readonly<Record<string, string | undefined>> {
    const [{ key }] = this.file.indexes as [{ key: string }];
    const { body = Buffer.alloc(0) } = this.world.destination.get(this.world.prefix + key) ?? {};
    const [, ...columns] = parquetMetadata(Uint8Array.from(body).buffer).schema;
    return Object.fromEntries(columns.map(({ name, type }) => [name, type]));
  }

  verify(): Promise<Verification> {
    const { store, prefix } = this.world;
    return verifyDataset({ store }, { prefix });
  }

  async problems(): Promise<readonly string[]> {
    return (await this.verify()).problems;
  }
}
