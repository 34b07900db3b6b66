import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LocalModeError } from '../../folder/errors';
import { printable } from '../../text/printable';
import { programEnvironment } from '../environment';

/** Longer than any self-test takes: one that renders a scene needs seconds. */
const LIMIT_MILLISECONDS = 120_000;

/**
 * Runs the self-test of a workload as its tasks will run, so that a program that is missing is
 * found before anything is started.
 * @param program the bundle of its worker.
 * @throws LocalModeError with what it said.
 */
export async function checkWorkload(workload: string, program: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-check-'));
  try {
    await promisify(execFile)(process.execPath, [program, '--self-test'], {
      cwd: folder,
      env: programEnvironment(folder),
      timeout: LIMIT_MILLISECONDS,
    });
  } catch (error) {
    const { stdout = '', stderr = '', killed } = Object(error) as Partial<ExecError>;
    const because = killed
      ? `its self-test did not end within ${LIMIT_MILLISECONDS / 1_000} seconds`
      : selfTestFault(stdout, stderr);
    throw new LocalModeError(
      `The workload ${workload} cannot run on this machine: ${because}.\n` +
        `Its self-test is \`node application-code/${workload}/dist/main.js --self-test\`.`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface ExecError {
  readonly stdout: string;
  readonly stderr: string;
  readonly killed: boolean;
}

/** Checks of a self-test that failed; else the last line that it wrote. */
export function selfTestFault(stdout: string, stderr: string): string {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
  const failed = lines.flatMap((line) => /^FAILED\s+(.*)$/.exec(line)?.[1] ?? []);
  const said = failed.length > 0 ? failed : lines.slice(-1);
  return printable(said.join('; ')).replace(/\.$/, '') || 'its self-test failed';
}
