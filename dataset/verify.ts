import { END_OF_ARCHIVE } from '../application-code/worker/src/parts/tar';
import { pluralize } from '../text/words';
import { type DatasetFile, type DatasetShard, readDataset } from './dataset-file';
import { NoSamplesError } from './faults';
import type { IndexEntry } from './parquet/index-columns';
import { indexRows } from './parquet/index-rows';
import type { DatasetPorts } from './ports';
import { KeyTable, keyHash } from './rows/key-table';
import { printed, printOf } from './shards/checksum';
import { fileName } from './shards/names';
import { type FileInTar, tarFiles } from './shards/tar-files';

/** Problems that are kept: a dataset with more is beyond its details. */
const MOST_PROBLEMS = 100;

export interface Verification {
  readonly dataset: DatasetFile;
  /** What is wrong, in sentences; none: every byte is as it was when the dataset was made. */
  readonly problems: readonly string[];
  readonly samples: number;
  readonly files: number;
  readonly bytes: number;
}

type VerifyPorts = Pick<DatasetPorts, 'store' | 'progress'>;

/**
 * Reads every byte of a dataset: checksums of shards, indexes and files, the tars themselves, the
 * counts, and that each key is there once.
 * @throws NoSamplesError when there is no dataset.
 */
export async function verifyDataset(
  ports: VerifyPorts,
  { prefix }: { readonly prefix: string },
): Promise<Verification> {
  const committed = await readDataset(ports.store, prefix);
  if (!committed)
    throw new NoSamplesError(
      `there is no ${prefix}dataset.json, and so nothing to verify: \`spillway dataset finish\` ` +
        'makes a dataset of the parts.',
    );
  return new Verifier(ports, committed.file, prefix).run();
}

class Verifier {
  private readonly problems: string[] = [];
  private readonly keys = new KeyTable();
  private readonly bySplit = new Map<string, number>();
  private readonly byClass = new Map<string, number>();
  private samples = 0;
  private files = 0;
  private bytes = 0;

  constructor(
    private readonly ports: VerifyPorts,
    private readonly dataset: DatasetFile,
    private readonly prefix: string,
  ) {}

  async run(): Promise<Verification> {
    const { dataset, problems, ports } = this;
    await this.checkRowsFiles();
    const groups = groupsOf(this.entries());
    let done = 0;
    let group = await groups.next();
    for (const shard of dataset.shards) {
      const name = fileName(shard.key);
      const isItsGroup = !group.done && group.value.shard === name;
      await this.checkShard(shard, isItsGroup && !group.done ? group.value.entries : []);
      if (isItsGroup) group = await groups.next();
      done += 1;
      ports.progress?.({ event: 'shards-verified', shards: done, of: dataset.shards.length });
    }
    if (!group.done) this.tell(`the index has rows of ${group.value.shard}, which is not listed`);
    this.checkCounts();
    return { dataset, problems, samples: this.samples, files: this.files, bytes: this.bytes };
  }

  private tell(problem: string): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(problem);
  }

  private async checkRowsFiles(): Promise<void> {
    const { indexes, leftOut } = this.dataset;
    for (const file of leftOut ? [...indexes, leftOut] : indexes) {
      const print = await this.print(file.key);
      if (print && print.sha256 !== file.sha256)
        this.tell(`${file.key} has another SHA-256 than dataset.json says`);
    }
  }

  private async print(key: string) {
    return printOf(this.ports.store.stream(`${this.prefix}${key}`)).catch((error: unknown) => {
      this.tell(`${key} cannot be read: ${messageOf(error)}`);
      return undefined;
    });
  }

  private async *entries(): AsyncGenerator<IndexEntry> {
    const { store } = this.ports;
    for (const index of this.dataset.indexes)
      try {
        yield* indexRows(store, `${this.prefix}${index.key}`, index);
      } catch (error) {
        this.tell(`${index.key} cannot be read: ${messageOf(error)}`);
      }
  }

  private async checkShard(shard: DatasetShard, entries: readonly IndexEntry[]): Promise<void> {
    if (entries.length !== shard.samples)
      this.tell(
        `${shard.key} has ${pluralize(shard.samples, 'sample')} by dataset.json, and ` +
          `${entries.length} by the index`,
      );
    for (const entry of entries) this.count(entry, shard);
    this.checkPlaces(shard, entries);
    const files = await this.readShard(shard);
    if (files) this.compare(shard, entries, files);
  }

  private count({ row, split, classNumber }: IndexEntry, shard: DatasetShard): void {
    const { classes } = this.dataset;
    this.samples += 1;
    this.bySplit.set(split, (this.bySplit.get(split) ?? 0) + 1);
    if (row.label !== undefined)
      this.byClass.set(row.label, (this.byClass.get(row.label) ?? 0) + 1);
    if (split !== shard.split)
      this.tell(`${row.key} is of ${split} by the index, but lies in ${shard.key}`);
    if (row.label !== undefined && classes[row.label] !== classNumber)
      this.tell(`${row.key} has the class ${classNumber}, but ${row.label} has another number`);
    const before = this.keys.size;
    if (this.keys.add(keyHash(row.key)) < before) this.tell(`${row.key} is there twice`);
  }

  /** The samples of a shard follow each other without a gap. */
  private checkPlaces(shard: DatasetShard, entries: readonly IndexEntry[]): void {
    let end = 0;
    for (const { row } of entries) {
      if (row.offset !== end) {
        this.tell(`${row.key} begins at ${row.offset} in ${shard.key} by the index, not at ${end}`);
        return;
      }
      end += row.length;
    }
    if (end + END_OF_ARCHIVE.length !== shard.bytes)
      this.tell(`${shard.key} has ${shard.bytes} bytes, but its samples end at ${end}`);
  }

  /** Its files; undefined when it cannot be read. */
  private async readShard(shard: DatasetShard): Promise<readonly FileInTar[] | undefined> {
    try {
      const { body, print } = printed(this.ports.store.stream(`${this.prefix}${shard.key}`));
      const files = await tarFiles(body);
      const { bytes, sha256 } = print();
      this.bytes += bytes;
      if (sha256 !== shard.sha256)
        this.tell(`${shard.key} has another SHA-256 than dataset.json says (${bytes} bytes)`);
      return files;
    } catch (error) {
      this.tell(`${shard.key} cannot be read as a tar: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** Whether the tar has the files of the index, in the same order, and no other. */
  private compare(
    shard: DatasetShard,
    entries: readonly IndexEntry[],
    files: readonly FileInTar[],
  ): void {
    const expected = entries.flatMap(({ row }) =>
      row.files.map(({ extension, ...file }) => ({ name: `${row.sample}.${extension}`, ...file })),
    );
    this.files += files.length;
    if (files.length !== expected.length)
      this.tell(`${shard.key} has ${files.length} files, but the index ${expected.length}`);
    for (const [at, file] of expected.entries()) {
      const there = files[at];
      if (there?.name === file.name && there.sha256 === file.sha256) continue;
      this.tell(
        there?.name === file.name
          ? `${file.name} in ${shard.key} has other content than the index says`
          : `${shard.key} should have ${file.name}, but has ${there?.name ?? 'nothing'} there`,
      );
      return;
    }
  }

  private checkCounts(): void {
    const { counts } = this.dataset;
    if (this.samples !== counts.samples)
      this.tell(`there are ${this.samples} samples, but dataset.json counts ${counts.samples}`);
    this.checkEach('split', counts.bySplit, this.bySplit);
    this.checkEach('class', counts.byClass, this.byClass);
  }

  private checkEach(
    what: string,
    said: Readonly<Record<string, number>>,
    there: ReadonlyMap<string, number>,
  ): void {
    for (const name of new Set([...Object.keys(said), ...there.keys()]))
      if ((said[name] ?? 0) !== (there.get(name) ?? 0))
        this.tell(
          `the ${what} ${name} has ${pluralize(there.get(name) ?? 0, 'sample')}, but ` +
            `dataset.json counts ${said[name] ?? 0}`,
        );
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** The rows of one shard after the other. */
async function* groupsOf(entries: AsyncIterable<IndexEntry>): AsyncGenerator<{
  readonly shard: string;
  readonly entries: readonly IndexEntry[];
}> {
  let group: IndexEntry[] = [];
  for await (const entry of entries) {
    const shard = group[0]?.shard;
    if (shard !== undefined && entry.shard !== shard) {
      yield { shard, entries: group };
      group = [];
    }
    group.push(entry);
  }
  const shard = group[0]?.shard;
  if (shard !== undefined) yield { shard, entries: group };
}
