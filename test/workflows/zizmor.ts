import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { askPython, findPython } from '../../local/emulator/find-python';
import { cacheFolder, installPythonProgram } from '../../local/emulator/python-environment';

const ZIZMOR = {
  name: 'zizmor-1.32.0',
  title: 'the auditor of the workflows',
  requirements: join(__dirname, 'requirements.txt'),
} as const;

/** Installs zizmor once. @returns its program. @throws LocalModeError when it cannot. */
export async function installZizmor(onProgress: (sentence: string) => void): Promise<string> {
  const python = await findPython(askPython, 'The audit of the workflows');
  const cache = cacheFolder(process.platform, homedir(), process.env.XDG_CACHE_HOME);
  return join(dirname(await installPythonProgram(python, ZIZMOR, { cache, onProgress })), 'zizmor');
}

/** What the auditor finds in workflows and dependabot.yml below a folder. Nothing is sent. */
export async function audit(zizmor: string, folder: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(
    zizmor,
    // Its exit code counts findings; what it cannot read stays a failure.
    [
      '--offline',
      '--quiet',
      '--no-exit-codes',
      '--strict-collection',
      '--persona',
      'pedantic',
    ].concat(['--collect', 'all', '--format', 'json-v1'], [folder]),
  );
  return readFindings(stdout);
}

interface Finding {
  readonly ident: string;
  readonly desc: string;
  readonly url: string;
  readonly ignored: boolean;
  readonly locations: readonly {
    readonly symbolic: {
      readonly kind: string;
      readonly key: { readonly Local: { readonly verbatim_path: string } };
    };
    readonly concrete: { readonly location: { readonly start_point: { readonly row: number } } };
  }[];
}

/** Reads the auditor's JSON, a list of findings; its rows begin at 0. */
export function readFindings(json: string): readonly string[] {
  const findings = JSON.parse(json) as readonly Finding[];
  return findings.filter(({ ignored }) => !ignored).map(sentence);
}

function sentence({ ident, desc, url, locations }: Finding): string {
  const at = locations.find(({ symbolic }) => symbolic.kind === 'Primary') ?? locations[0];
  const place = at
    ? `${at.symbolic.key.Local.verbatim_path}:${at.concrete.location.start_point.row + 1}`
    : 'A file';
  return `${place} ${desc} [${ident}, ${url}]`;
}
