import { existsSync, readFileSync } from 'node:fs';

/** The packages of the lock file, by their locations. */
export const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** Where Node would find a package that is required at a location of the lock file. */
function locate(name, from) {
  for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/')))) {
    const candidate = place === '' ? `node_modules/${name}` : `${place}/node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (place === '') return undefined;
  }
}

/**
 * Every installed package that a folder needs, by its location; none for a folder without a
 * package.json.
 */
export function installedPackages(folder, found = new Set()) {
  const { dependencies, optionalDependencies } = packages[folder] ?? {};
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const next = locate(name, folder);
    if (!next)
      throw new Error(`package-lock.json lacks ${name}, which ${folder} needs; run npm install.`);
    // Another platform's build of an optional package is in the lock file, but not installed.
    if (found.has(next) || !existsSync(next)) continue;
    installedPackages(next, found.add(next));
  }
  return found;
}
