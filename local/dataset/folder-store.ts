import { createReadStream } from 'node:fs';
import {
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import type { DatasetStore, StoredObject } from '../../dataset/ports';
import { sha256Of } from '../../dataset/shards/checksum';
import { codeOf } from '../../folder/errors';

/**
 * A folder as the bucket of a dataset: a key is a path in it. Its keys are those of a dataset
 * alone, which a dataset's own code makes, and of which one process writes at a time.
 */
export class FolderStore implements DatasetStore {
  constructor(private readonly folder: string) {}

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    const names = await readdir(this.folder, { recursive: true });
    const keys = names
      .map((name) => name.split(path.sep).join('/'))
      .filter((key) => key.startsWith(prefix) && !key.endsWith(ASIDE));
    for (const key of keys.sort()) {
      const found = await stat(this.pathOf(key));
      if (found.isFile()) yield { key, bytes: found.size, modifiedAt: found.mtimeMs };
    }
  }

  async text(key: string): Promise<{ readonly text: string; readonly eTag: string } | undefined> {
    try {
      const text = await readFile(this.pathOf(key), 'utf8');
      return { text, eTag: sha256Of(text) };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async range(key: string, offset: number, length: number): Promise<Uint8Array> {
    const handle = await open(this.pathOf(key));
    try {
      const bytes = Buffer.alloc(length);
      const { bytesRead } = await handle.read(bytes, 0, length, offset);
      if (bytesRead === length) return bytes;
      throw new Error(`${this.pathOf(key)} ends before byte ${offset + length}.`);
    } finally {
      await handle.close();
    }
  }

  stream(key: string): AsyncIterable<Uint8Array> {
    return createReadStream(this.pathOf(key));
  }

  async create(key: string, body: AsyncIterable<Uint8Array>): Promise<boolean> {
    const aside = await this.writeAside(key, body);
    try {
      await link(aside, this.pathOf(key));
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(aside, { force: true });
    }
  }

  async replace(key: string, text: string, eTag: string): Promise<boolean> {
    if ((await this.text(key))?.eTag !== eTag) return false;
    const aside = `${this.pathOf(key)}${ASIDE}`;
    await writeFile(aside, text);
    await rename(aside, this.pathOf(key));
    return true;
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) await rm(this.pathOf(key), { force: true });
  }

  /** Absolute path of the file of a key. */
  pathOf(key: string): string {
    return path.join(this.folder, ...key.split('/'));
  }

  private async writeAside(key: string, body: AsyncIterable<Uint8Array>): Promise<string> {
    const aside = `${this.pathOf(key)}${ASIDE}`;
    await mkdir(path.dirname(aside), { recursive: true });
    await writeFile(aside, body);
    return aside;
  }
}

/** Ends the name of a file that is being written. */
const ASIDE = '.partial';
