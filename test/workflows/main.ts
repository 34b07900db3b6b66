import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalModeError } from '../../local/emulator/local-mode-error';
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

async function main(): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), 'spillway-workflows-'));
  try {
    const zizmor = await installZizmor(console.error);
    const faults = [...(await proveThatItFinds(zizmor, scratch)), ...(await audit(zizmor, GITHUB))];
    for (const fault of faults) console.error(fault);
    if (faults.length === 0) console.error('Audit of the workflows: nothing found.');
    return faults.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof LocalModeError)) throw error;
    // A machine without Python or network can still check the rest; CI must not pass it by.
    console.error(`The audit of the workflows was left out. ${error.message}`);
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
