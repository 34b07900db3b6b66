import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalModeError } from '../../local/emulator/local-mode-error';
import { ConfigError } from '../../stacks/config/config-error';
import { checkTerraform } from '../../stacks/config/terraform-version';
import { installCheckov, scan } from './checkov';
import type { Scan } from './findings';
import { judge } from './judge';
import { SKIPS } from './skips';
import { copyForScan, synthesiseExamples } from './terraform-json';

/** Scans every stack of the examples. @returns what is wrong, one sentence each. */
async function scanExamples(python: string, scratch: string): Promise<readonly string[]> {
  const synthesised = join(scratch, 'synthesised');
  const judged = join(scratch, 'judged');
  const stacks = await synthesiseExamples(synthesised);
  await copyForScan(synthesised, stacks, judged);
  const result = await scan(python, judged);
  return [...overlooked(stacks, result), ...judge(result.findings, SKIPS)];
}

/** A scan that saw nothing would find nothing. */
function overlooked(stacks: readonly string[], { scanned, unread }: Scan): readonly string[] {
  const unseen = stacks.filter((stack) => !scanned.has(stack));
  return [
    ...unread.map((file) => `${file} could not be read.`),
    ...unseen.map((stack) => `No check looked at ${stack}.`),
  ];
}

async function main(): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), 'spillway-policies-'));
  try {
    checkTerraform();
    const faults = await scanExamples(await installCheckov(console.error), scratch);
    for (const fault of faults) console.error(fault);
    if (faults.length === 0) console.error(`Policy scan: nothing found apart from ${SKIPS.length} skips.`);
    return faults.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof LocalModeError || error instanceof ConfigError)) throw error;
    // A machine without Python, network or Terraform can still check the rest; CI must not pass it by.
    console.error(`The policy scan was left out. ${error.message}`);
    return process.env.CI ? 1 : 0;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
