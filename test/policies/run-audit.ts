import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalModeError } from '../../folder/errors';
import { ConfigError } from '../../stacks/config/blueprint-config';

export interface Audit {
  /** As the beginning of a sentence. */
  readonly title: string;
  /** @returns faults as sentences. @throws LocalModeError or ConfigError when none can be told. */
  readonly find: (scratch: string) => Promise<readonly string[]>;
  /** The end of the sentence of an audit that found nothing. */
  readonly passed: string;
}

/** Runs an audit as a command does. Without its tool it passes, but not in CI. */
export function runAudit(audit: Audit): void {
  exitCodeOf(audit).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}

async function exitCodeOf({ title, find, passed }: Audit): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), 'spillway-audit-'));
  try {
    const faults = await find(scratch);
    for (const fault of faults) console.error(fault);
    if (faults.length === 0) console.error(`${title}: ${passed}.`);
    return faults.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof LocalModeError || error instanceof ConfigError)) throw error;
    console.error(`${title} was left out. ${error.message}`);
    return process.env.CI ? 1 : 0;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
