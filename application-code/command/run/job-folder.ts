import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { chmod, readdir, rename, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** An extension that is safe in any command line; another one is left out. */
const EXTENSION = /^\.[A-Za-z0-9]{1,16}$/;
/** Linux takes paths up to 4,096 bytes; a name has 255 at most. */
const MAX_PATH_BYTES = 2_048;

/** The folder of one job: new, empty, and gone afterwards. */
export class JobFolder {
  private lifted = 0;

  private constructor(
    readonly path: string,
    /** Name of the file that the source is copied to. */
    readonly inputName: string,
  ) {}

  /**
   * @param scratch folder that exists, by its real path: processes are known by it.
   * @param suffix with which the source's base name ends; its extension by default.
   */
  static create(scratch: string, base: string, suffix: string): JobFolder {
    const path = mkdtempSync(join(scratch, 'job-'));
    const extension = EXTENSION.test(extname(base)) ? extname(base) : '';
    const folder = new JobFolder(path, `input${suffix || extension}`);
    try {
      mkdirSync(folder.output);
    } catch (error) {
      rmdirSync(path);
      throw error;
    }
    return folder;
  }

  get input(): string {
    return join(this.path, this.inputName);
  }

  get output(): string {
    return join(this.path, 'output');
  }

  get progress(): string {
    return join(this.path, 'progress');
  }

  /** Removes it with all that is in it, also what may not be written or lies too deep. */
  async remove(): Promise<void> {
    const remove = () => rm(this.path, { recursive: true, force: true });
    await remove().catch(async () => {
      // Node removes neither what lies in a read-only folder nor a path that is too long.
      await chmod(this.path, 0o700);
      await this.loosen(Buffer.from(this.path));
      await remove();
    });
  }

  /** Makes each folder below writable, and moves up what lies too deep. Names may be no text. */
  private async loosen(folder: Buffer): Promise<void> {
    const entries = await readdir(folder, { encoding: 'buffer', withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isDirectory()) continue;
      const path = Buffer.concat([folder, Buffer.from('/'), entry.name]);
      await chmod(path, 0o700);
      await this.loosen(path.length > MAX_PATH_BYTES ? await this.lift(path) : path);
    }
  }

  private async lift(folder: Buffer): Promise<Buffer> {
    this.lifted += 1;
    const near = join(this.path, `lifted-${this.lifted}`);
    await rename(folder, near);
    return Buffer.from(near);
  }
}
