import { exec } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..');
const EXAMPLES = join('examples', 'blueprint.config.ts');

/** Synthesises the examples below a folder. @returns the names of their stacks. */
export async function synthesiseExamples(folder: string): Promise<readonly string[]> {
  const { app } = JSON.parse(await readFile(join(ROOT, 'cdktf.json'), 'utf8')) as {
    readonly app: string;
  };
  await promisify(exec)(app, {
    cwd: ROOT,
    env: { ...process.env, BLUEPRINT_CONFIG: EXAMPLES, CDKTF_OUTDIR: folder },
  });
  return readdir(join(folder, 'stacks'));
}

/**
 * Copies what the scanner judges. Checkov skips a file with a version as a string in `terraform`.
 */
export async function copyForScan(synthesised: string, stacks: readonly string[], folder: string) {
  for (const stack of stacks) {
    const text = await readFile(join(synthesised, 'stacks', stack, 'cdk.tf.json'), 'utf8');
    const { terraform: _unread, ...judged } = JSON.parse(text) as Record<string, unknown>;
    await mkdir(join(folder, stack), { recursive: true });
    await writeFile(join(folder, stack, 'cdk.tf.json'), JSON.stringify(judged, undefined, 2));
  }
}
