import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { askPython, findPython } from '../../local/emulator/find-python';
import { cacheFolder, installPythonProgram } from '../../local/emulator/python-environment';
import { readReport, type Scan } from './findings';

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
