import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { askPython, findPython } from '../../local/emulator/find-python';
import { cacheFolder, installPythonProgram } from '../../local/emulator/python-environment';

const CHECKOV = {
  name: 'checkov-3.3.30',
  title: 'the policy scanner',
  requirements: join(__dirname, 'requirements.txt'),
} as const;
const LONGEST_REPORT_BYTES = 256 * 1024 * 1024;

/** Installs checkov once. @returns its Python. @throws LocalModeError when it cannot. */
export async function installCheckov(onProgress: (sentence: string) => void): Promise<string> {
  const python = await findPython(askPython, 'The policy scan');
  const cache = cacheFolder(process.platform, homedir(), process.env.XDG_CACHE_HOME);
  return installPythonProgram(python, CHECKOV, { cache, onProgress });
}

/** Scans Terraform's JSON in a folder; nothing is sent or fetched. */
export async function scan(python: string, folder: string): Promise<Scan> {
  const { stdout } = await promisify(execFile)(
    python,
    // Its exit code counts findings; a list of its own says which of them are faults.
    [
      '-m',
      'checkov.main',
      '--directory',
      folder,
      '--framework',
      'terraform_json',
      '--output',
      'json',
    ].concat(['--compact', '--soft-fail', '--skip-download']),
    { cwd: folder, maxBuffer: LONGEST_REPORT_BYTES },
  );
  return readReport(stdout);
}

/** One check that one resource fails. */
export interface Finding {
  /** Such as `CKV_AWS_21`. */
  readonly check: string;
  /** What should be so, in the scanner's words. */
  readonly title: string;
  readonly environment: string;
  /** Such as `queue-processing`. */
  readonly stack: string;
  /** Type and id in Terraform. */
  readonly resource: string;
}

/** What the scanner said of all stacks. */
export interface Scan {
  readonly findings: readonly Finding[];
  /** Names of the stacks of which a check held or failed. */
  readonly scanned: ReadonlySet<string>;
  /** Files that it could not read. */
  readonly unread: readonly string[];
}

interface CheckovRecord {
  readonly check_id: string;
  readonly check_name: string;
  /** `/<stack>/cdk.tf.json`. */
  readonly file_path: string;
  readonly resource: string;
}

interface CheckovReport {
  readonly results: {
    readonly passed_checks: readonly CheckovRecord[];
    readonly failed_checks: readonly CheckovRecord[];
    readonly parsing_errors: readonly string[];
  };
}

const STACK = /^(.+)-(core-infra|queue-processing|delivery)$/;

/** Reads the scanner's JSON, which is an object for one framework. */
export function readReport(json: string): Scan {
  const { passed_checks, failed_checks, parsing_errors } = (JSON.parse(json) as CheckovReport)
    .results;
  return {
    findings: failed_checks.map(findingOf),
    scanned: new Set([...passed_checks, ...failed_checks].map(stackOf)),
    unread: parsing_errors,
  };
}

function findingOf(record: CheckovRecord): Finding {
  const [, environment = '', stack = ''] = STACK.exec(stackOf(record)) ?? [];
  return {
    check: record.check_id,
    title: record.check_name,
    environment,
    stack,
    resource: record.resource,
  };
}

function stackOf({ file_path }: CheckovRecord): string {
  return file_path.split('/').at(-2) ?? '';
}
