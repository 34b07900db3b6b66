import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../emulator/run-command';
import { terraformEnvironment } from '../terraform-tools';

/** A change of one file: the text that goes and the text that comes. */
export interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A checkout under git, as its user has it. */
export class Repository {
  private readonly changed: Change[] = [];

  constructor(
    readonly path: string,
    private readonly endpoint: string,
  ) {}

  /** The whole checkout as the first commit. */
  async init(): Promise<void> {
    await this.git('init', '--quiet');
    await this.commit('the blueprint');
  }

  /** Commits a change of the first commit. @throws Error unless the text is there once. */
  async change(title: string, ...changes: readonly Change[]): Promise<void> {
    for (const { file, from, to } of this.changed.splice(0).reverse())
      await this.replace(file, to, from);
    for (const { file, from, to } of changes) await this.replace(file, from, to);
    this.changed.push(...changes);
    await this.commit(title);
  }

  /** What is not committed, as `git status --porcelain` says it. */
  status(): Promise<string> {
    return this.git('status', '--porcelain');
  }

  /** Types the line that the output `source_command` says. */
  async push(sourceCommand: string): Promise<void> {
    await run('sh', ['-c', sourceCommand], this.options());
  }

  private async commit(title: string): Promise<void> {
    await this.git('add', '--all');
    const author = ['-c', 'user.name=Rehearsal', '-c', 'user.email=rehearsal@example.com'];
    await this.git(...author, 'commit', '--quiet', '--allow-empty', '--message', title);
  }

  private async replace(file: string, from: string, to: string): Promise<void> {
    const path = join(this.path, file);
    const text = await readFile(path, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} no longer says \`${from}\`.`);
    await writeFile(
      path,
      text.replace(from, () => to),
    );
  }

  private git(...args: readonly string[]): Promise<string> {
    return run('git', args, this.options());
  }

  private options() {
    return { folder: this.path, environment: terraformEnvironment(this.endpoint) };
  }
}
