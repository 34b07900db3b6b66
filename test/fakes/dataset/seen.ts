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

  verify(): Promise<Verification> {
    const { store, prefix } = this.world;
    return verifyDataset({ store }, { prefix });
  }

  async problems(): Promise<readonly string[]> {
    return (await this.verify()).problems;
  }
}
