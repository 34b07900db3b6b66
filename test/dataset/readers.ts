import { execFile, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';

const LONGEST_ANSWER_BYTES = 256 * 1024 * 1024;

/** A sample as a reader sees it. */
export interface SeenSample {
  readonly key: string;
  /** The path that the reader was given. */
  readonly shard: string;
  /** By extension; `datasets` shows those alone that it does not parse. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
  /** Width and height as Pillow decodes them, by extension. */
  readonly pictures: Readonly<Record<string, readonly [width: number, height: number]>>;
  readonly json: Readonly<Record<string, unknown>>;
  readonly cls: number | null;
}

/** An entry of a tar, as Python's own reader sees it. */
export interface SeenEntry {
  readonly shard: string;
  readonly name: string;
  readonly bytes: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  readonly isFile: boolean;
}

export interface SeenTable {
  /** Arrow's types by name. */
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

interface Answers {
  readonly webdataset: readonly SeenSample[];
  readonly datasets: readonly SeenSample[];
  readonly pyarrow: SeenTable;
  readonly tarfile: readonly SeenEntry[];
}

/** What the readers need is there, or the reason why it is not. */
export type ReadersPython = { readonly python: string } | { readonly missing: string };

/** Installs the readers once, before the tests of a file are declared, which cannot wait. */
export function readersPython(): ReadersPython {
  const tsx = createRequire(__filename).resolve('tsx/cli');
  const install = [tsx, join(__dirname, 'install-readers.ts')];
  const { status, stdout, stderr } = spawnSync(process.execPath, install, { encoding: 'utf8' });
  return status === 0 ? { python: stdout.trim() } : { missing: stderr.trim() };
}

/** @returns what a reader sees in shards, or in indexes. */
export async function readWith<Reader extends keyof Answers>(
  python: string,
  reader: Reader,
  files: readonly string[],
): Promise<Answers[Reader]> {
  const program = [join(__dirname, 'read_dataset.py'), reader, ...files];
  const { stdout } = await promisify(execFile)(python, program, {
    maxBuffer: LONGEST_ANSWER_BYTES,
    env: {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONIOENCODING: 'utf-8',
      HF_HUB_OFFLINE: '1',
    },
  });
  return JSON.parse(stdout) as Answers[Reader];
}
