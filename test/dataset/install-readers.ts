import { homedir } from 'node:os';
import { join } from 'node:path';
import { askPython, findPython } from '../../local/emulator/find-python';
import { cacheFolder, installPythonProgram } from '../../local/emulator/python-environment';

const READERS = {
  name: 'dataset-readers',
  title: 'the readers of datasets',
  requirements: join(__dirname, 'requirements.txt'),
} as const;

/** Prints the path of a Python that has the readers, or why no Python has them. */
async function main(): Promise<void> {
  const python = await findPython(askPython, 'The test of datasets');
  const cache = cacheFolder(process.platform, homedir(), process.env.XDG_CACHE_HOME);
  console.log(await installPythonProgram(python, READERS, { cache, onProgress: () => undefined }));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
