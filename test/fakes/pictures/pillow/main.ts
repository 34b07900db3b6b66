import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { askPython, findPython } from '../../../../local/emulator/find-python';
import { cacheFolder, installPythonProgram } from '../../../../local/emulator/python-environment';
import { METHODS, PICTURES, REFERENCE_FILE, sampledPixels } from './cases';

/** Makes `reference.json`: `npx tsx test/fakes/pictures/pillow/main.ts`. */
async function makeReference(): Promise<void> {
  const python = await installPillow();
  const folder = mkdtempSync(join(tmpdir(), 'pillow-'));
  const reference: Record<string, Record<string, string>> = {};
  for (const [name, make] of Object.entries(PICTURES)) {
    const path = join(folder, 'picture');
    writeFileSync(path, await make().toBuffer());
    reference[name] = pillowPixels(python, path);
  }
  rmSync(folder, { recursive: true });
  writeFileSync(REFERENCE_FILE, `${JSON.stringify(reference, null, 2)}\n`);
}

function pillowPixels(python: string, path: string): Record<string, string> {
  const presets = Object.entries(METHODS);
  const input = presets.map(([, [method, side, parameter]]) =>
    JSON.stringify({ path, method, side, parameter }),
  );
  const output = execFileSync(python, [join(__dirname, 'reference.py')], {
    input: input.join('\n'),
    maxBuffer: 64 * 1024 * 1024,
  });
  const lines = output.toString().trim().split('\n');
  return Object.fromEntries(
    presets.map(([preset, [, side]], at) => {
      const pixels = sampledPixels(Buffer.from(lines[at] ?? '', 'base64'), side);
      return [preset, pixels.toString('base64')];
    }),
  );
}

async function installPillow(): Promise<string> {
  const python = await findPython(askPython, 'Pillow');
  const cache = cacheFolder(process.platform, homedir(), process.env.XDG_CACHE_HOME);
  const pillow = {
    name: 'pillow-12.2.0',
    title: 'Pillow',
    requirements: join(__dirname, 'requirements.txt'),
  };
  return installPythonProgram(python, pillow, { cache, onProgress: (line) => console.log(line) });
}

void makeReference();
