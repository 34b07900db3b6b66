import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ImageArchitecture, ImageStore } from './image-store';
import { Registry } from './registry';

/** What the machine of a build has beside its sources. */
export interface Machine {
  readonly architecture: ImageArchitecture;
  readonly store: ImageStore;
  readonly registry: Registry;
  /** Folder of installed packages, as `npm ci` in an image would make it. */
  readonly packages: string;
  /** Remembers that somebody is logged in to a registry. */
  logIn(registry: string): void;
  isLoggedIn(registry: string): boolean;
}

/** Variables by which the machine knows where it keeps things; its command sets them. */
export const MACHINE_VARIABLES = {
  folder: 'STAND_IN_FOLDER',
  architecture: 'STAND_IN_ARCHITECTURE',
  packages: 'STAND_IN_PACKAGES',
} as const;

export function openMachine(environment: NodeJS.ProcessEnv): Machine {
  const folder = environment[MACHINE_VARIABLES.folder] ?? '';
  const logins = join(folder, 'logins');
  const known = () => (existsSync(logins) ? readFileSync(logins, 'utf8').split('\n') : []);
  return {
    architecture: environment[MACHINE_VARIABLES.architecture] === 'arm64' ? 'arm64' : 'amd64',
    packages: environment[MACHINE_VARIABLES.packages] ?? '',
    store: new ImageStore(folder),
    registry: new Registry(),
    logIn: (registry) => writeFileSync(logins, [...known(), registry].join('\n')),
    isLoggedIn: (registry) => known().includes(registry),
  };
}
