import { join } from 'node:path';
import type { Python } from './find-python';
import { type InstallOptions, installPythonProgram } from './python-environment';

const MINISTACK = {
  name: 'ministack-1.5.33',
  title: 'the local AWS emulator',
  requirements: join(__dirname, 'requirements.txt'),
} as const;

/**
 * The emulator in a virtual environment of its own.
 * @returns the absolute path of its Python.
 * @throws LocalModeError when the registry cannot be reached, or the cache cannot be written.
 */
export function installEmulator(
  python: Python,
  options: InstallOptions & { readonly requirements?: string },
): Promise<string> {
  const { requirements = MINISTACK.requirements, ...rest } = options;
  return installPythonProgram(python, { ...MINISTACK, requirements }, rest);
}
