import { exec } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type CheckoutCopy, copyCheckout } from '../test/rehearsal/checkout';

const WORKER_BUNDLE = 'application-code/worker/worker-bundle.mjs';
const BUNDLE = 'stacks/dist/main.js';

/** A command that says its version alone. */
const terraformOf = (version: string) => `#!/bin/sh\necho '{"terraform_version":"${version}"}'\n`;

/** Runs the command of a synth several times, in a checkout of its own. */
describe('a synth', () => {
  let checkout: CheckoutCopy;
  const at = (path: string) => join(checkout.path, path);
  const run = (command: string) => {
    const changes = {
      BLUEPRINT_CONFIG: '',
      CDKTF_OUTDIR: at('out'),
      TERRAFORM_BINARY_NAME: at('terraform'),
    };
    return promisify(exec)(command, { cwd: checkout.path, env: { ...process.env, ...changes } });
  };
  const synth = async () => {
    const { app } = JSON.parse(await readFile(at('cdktf.json'), 'utf8')) as {
      readonly app: string;
    };
    return run(app);
  };
  const stack = (name: string) => readFile(at(`out/stacks/${name}/cdk.tf.json`), 'utf8');
  const made = async () => (await stat(at(BUNDLE), { bigint: true })).mtimeNs;
  const replace = async (path: string, from: string, to: string) => {
    const text = await readFile(at(path), 'utf8');
    expect(text).toContain(from);
    await writeFile(at(path), text.replace(from, to));
  };

  beforeAll(async () => {
    checkout = await copyCheckout();
    await writeFile(at('terraform'), terraformOf('1.12.0'));
    await chmod(at('terraform'), 0o755);
    await synth();
  }, 60_000);
  afterAll(() => checkout.remove());

  test('translates nothing again when nothing has changed, and writes the same', async () => {
    const before = [await made(), await stack('dev-queue-processing')];
    await synth();
    expect([await made(), await stack('dev-queue-processing')]).toEqual(before);
  });

  test('follows changes of the configuration and of a file that it imports', async () => {
    await writeFile(at('days.ts'), 'export const days = 7;\n');
    await replace(
      'blueprint.config.ts',
      'dev: {}',
      "dev: { logRetentionDays: require('./days').days }",
    );
    await synth();
    expect(await stack('dev-queue-processing')).toContain('"retention_in_days": 7');
    await writeFile(at('days.ts'), 'export const days = 14;\n');
    await synth();
    expect(await stack('dev-queue-processing')).toContain('"retention_in_days": 14');
  });

  test('follows changes of a construct', async () => {
    await replace('stacks/queue-processing/scaler.ts', 'Launches tasks for', 'Starts tasks for');
    await synth();
    expect(await stack('dev-queue-processing')).toContain('Starts tasks for the backlog of photos');
  });

  test('follows changes of the scaler', async () => {
    const asset = async () =>
      /"filename": "(.*)"/.exec(await stack('dev-queue-processing'))?.[1] ?? '';
    const before = await asset();
    await appendFile(at('lambda/scaler/handler.ts'), "\nexport const answer = 'changed';\n");
    await synth();
    expect(await asset()).toMatch(/\.zip$/);
    expect(await asset()).not.toBe(before);
  });

  test.each(['tsconfig.json', 'package.json', 'build.mjs', WORKER_BUNDLE])(
    'translates everything again when %s has changed',
    async (file) => {
      const before = await made();
      await appendFile(at(file), '\n');
      await run('node build.mjs stacks');
      expect(await made()).not.toBe(before);
    },
  );

  test('fails with an older Terraform before it writes anything', async () => {
    await rm(at('out'), { recursive: true });
    await writeFile(at('terraform'), terraformOf('1.9.8'));
    await expect(synth()).rejects.toThrow('but this is Terraform 1.9.8');
    expect(existsSync(at('out/manifest.json'))).toBe(false);
    await writeFile(at('terraform'), terraformOf('1.12.0'));
  });

  test('fails when a construct throws, and names the line of its source', async () => {
    const line = 'const archive = this.props.archive ?? ARCHIVE;';
    await replace('stacks/queue-processing/scaler.ts', line, "throw new Error('broken');");
    await expect(synth()).rejects.toThrow(
      /Error: broken\n *at .*stacks\/queue-processing\/scaler\.ts:\d/,
    );
  });

  test('fails when a construct does not compile, and names its file and line', async () => {
    await writeFile(at('stacks/delivery/delivery-stack.ts'), 'export class {');
    await expect(synth()).rejects.toThrow(/stacks\/delivery\/delivery-stack\.ts:1:14/);
  });
});
