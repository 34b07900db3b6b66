import { join } from 'node:path';
import { askTerraform, checkTerraform } from '../../stacks/config/terraform-version';
import { type Finding, installCheckov, type Scan, scan } from './checkov';

import { judge } from './judge';
import { runAudit } from './run-audit';
import { SKIPS } from './skips';
import { copyForScan, synthesiseExamples } from './terraform-json';

const MOST_KINDS = 12;

/** Scans every stack of the examples. @returns what is wrong, one sentence each. */
async function scanExamples(python: string, scratch: string): Promise<readonly string[]> {
  const synthesised = join(scratch, 'synthesised');
  const judged = join(scratch, 'judged');
  const stacks = await synthesiseExamples(synthesised);
  await copyForScan(synthesised, stacks, judged);
  const result = await scan(python, judged);
  return [
    ...overlooked(stacks, result),
    ...judge(result.findings, SKIPS),
    ...tooMany(result.findings.filter(({ environment }) => environment === 'hardened')),
  ];
}

/** With every protective setting on, few kinds of finding may be left. */
function tooMany(findings: readonly Finding[]): readonly string[] {
  const kinds = [...new Set(findings.map(({ check }) => check))];
  return kinds.length > MOST_KINDS
    ? [
        `The example hardened has ${kinds.length} kinds of finding, ${MOST_KINDS} are ` +
          `allowed: ${kinds.join(', ')}.`,
      ]
    : [];
}

/** A scan that saw nothing would find nothing. */
function overlooked(stacks: readonly string[], { scanned, unread }: Scan): readonly string[] {
  const unseen = stacks.filter((stack) => !scanned.has(stack));
  return [
    ...unread.map((file) => `${file} could not be read.`),
    ...unseen.map((stack) => `No check looked at ${stack}.`),
  ];
}

runAudit({
  title: 'The policy scan',
  passed: `nothing found apart from ${SKIPS.length} skips`,
  find: async (scratch) => {
    checkTerraform(await askTerraform());
    return scanExamples(await installCheckov(console.error), scratch);
  },
});
