import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runAudit } from '../policies/run-audit';
import { INJECTED } from './broken-workflow';
import { audit, installZizmor } from './zizmor';

const GITHUB = join(__dirname, '..', '..', '.github');

/** An auditor that finds nothing in a broken workflow would find nothing anywhere. */
async function proveThatItFinds(zizmor: string, scratch: string): Promise<readonly string[]> {
  const folder = join(scratch, '.github', 'workflows');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'broken.yml'), INJECTED);
  const found = await audit(zizmor, scratch);
  return found.some((fault) => fault.includes('template-injection'))
    ? []
    : ['The auditor found nothing in a workflow that runs the text of a stranger.'];
}

runAudit({
  title: 'The audit of the workflows',
  passed: 'nothing found',
  find: async (scratch) => {
    const zizmor = await installZizmor(console.error);
    return [...(await proveThatItFinds(zizmor, scratch)), ...(await audit(zizmor, GITHUB))];
  },
});
