import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';

/**
 * Writes what the worker is made of as CycloneDX 1.5: Node, and every package of the lock file that
 * the worker needs and that is installed here. Sorted, and without a time or a serial number: the
 * same lock file makes the same list. `npm sbom` cannot make it here: it takes no installation
 * without the packages of development (ESBOMPROBLEMS), and with the lock file alone it leaves out
 * what a workspace needs.
 * https://docs.npmjs.com/cli/v10/commands/npm-sbom
 */
const WORKER = 'application-code/worker';
const WORKLOAD = 'application-code/images';
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** Where Node would find a package that is required at a location of the lock file. */
function locate(name, from) {
  for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/')))) {
    const candidate = place === '' ? `node_modules/${name}` : `${place}/node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (place === '') return undefined;
  }
}

function reach(location, found = new Set()) {
  const { dependencies, optionalDependencies } = packages[location];
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const next = locate(name, location);
    if (!next)
      throw new Error(`package-lock.json lacks ${name}, which ${location} needs; run npm install.`);
    // Another platform's build of an optional package is in the lock file, but not installed.
    if (found.has(next) || !existsSync(next)) continue;
    reach(next, found.add(next));
  }
  return found;
}

function component(location) {
  const name = location.slice(location.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const { version, license, integrity } = packages[location];
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const content = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');
  return {
    type: 'library',
    'bom-ref': `${purl}#${location}`,
    name,
    version,
    purl,
    licenses: [{ expression: license }],
    hashes: [{ alg: 'SHA-512', content }],
  };
}

const node = {
  type: 'platform',
  'bom-ref': 'node',
  name: 'node',
  version: process.versions.node,
  purl: `pkg:generic/node@${process.versions.node}`,
};
const { name, version } = packages[WORKER];
const bill = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: { component: { type: 'application', 'bom-ref': 'worker', name, version } },
  components: [node, ...[...reach(WORKLOAD, reach(WORKER))].sort().map(component)],
};
process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`);
