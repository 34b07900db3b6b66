import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RefusalError } from '../terminal/failures';

/** Stacks of an environment with outputs for people, by the ends of their names. */
const ROOMS = ['core-infra', 'queue-processing', 'delivery'];
/** Outputs that cdktf passes from one stack to another. */
const BETWEEN_STACKS = 'cross-stack-output-';
/** Where cdktf puts stacks; the variable names another place. */
const stacksFolder = () =>
  join(process.env.CDKTF_OUTDIR ?? join(__dirname, '..', '..', 'cdktf.out'), 'stacks');
const LIMIT_MILLISECONDS = 120_000;

const execute = promisify(execFile);

/**
 * The outputs of all stacks of an environment by their names, as Terraform keeps them in its
 * states.
 * @throws RefusalError where no stack was synthesised or deployed from this checkout.
 */
export async function terraformOutputs(environment: string): Promise<ReadonlyMap<string, string>> {
  const folders = ROOMS.map((room) => join(stacksFolder(), `${environment}-${room}`));
  const there = folders.filter((folder) => existsSync(folder));
  if (there.length === 0)
    throw new RefusalError(
      `no stack of ${environment} was deployed from this checkout: \`npx cdktf deploy ` +
        `'${environment}-*'\` deploys them; where their states are in S3, \`npx cdktf synth\` ` +
        'is enough.',
    );
  const all = await Promise.all(there.map(outputsOf));
  const found = new Map(all.flat().filter(([name]) => !name.startsWith(BETWEEN_STACKS)));
  if (found.size === 0)
    throw new RefusalError(
      `the stacks of ${environment} have no outputs yet: \`npx cdktf deploy ` +
        `'${environment}-*'\` deploys them.`,
    );
  return found;
}

async function outputsOf(folder: string): Promise<(readonly [string, string])[]> {
  const read = () => terraform(folder, 'output', '-json');
  // A fresh checkout does not know yet where the state is.
  const text = await read().catch(async () => {
    await terraform(folder, 'init', '-input=false', '-no-color');
    return read();
  });
  const outputs = JSON.parse(text) as Readonly<Record<string, { readonly value: unknown }>>;
  return Object.entries(outputs).map(([name, { value }]) => [name, String(value)] as const);
}

async function terraform(folder: string, ...words: readonly string[]): Promise<string> {
  try {
    const options = { cwd: folder, timeout: LIMIT_MILLISECONDS, maxBuffer: 16 * 1024 * 1024 };
    return (await execute('terraform', [...words], options)).stdout;
  } catch (error) {
    const { code, stderr, killed } = Object(error) as {
      code?: unknown;
      stderr?: string;
      killed?: boolean;
    };
    if (code === 'ENOENT')
      throw new RefusalError(
        '`terraform` is not on this machine: https://developer.hashicorp.com/terraform/install',
      );
    if (killed)
      throw new RefusalError(
        `terraform ${words[0]} did not end within ${LIMIT_MILLISECONDS / 1_000} seconds.`,
      );
    const said = stderr?.match(/Error: (.+)/)?.[1] ?? stderr?.trim().split('\n').at(-1);
    throw new RefusalError(`terraform ${words[0]} failed in ${folder}: ${said || String(error)}`, {
      cause: error,
    });
  }
}
