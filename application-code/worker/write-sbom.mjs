import process from 'node:process';
import { installedPackages, packages } from './installed-packages.mjs';

/**
 * Writes what a worker is made of as CycloneDX 1.5: Node, and every package of the lock file that
 * the engine and the given folders need and that is installed here. Sorted, and without a time or a
 * serial number: the same lock file makes the same list.
 *
 *   node application-code/worker/write-sbom.mjs application-code/images
 */
const WORKER = 'application-code/worker';

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
const needed = [WORKER, ...process.argv.slice(2)].reduce(
  (found, folder) => installedPackages(folder, found),
  new Set(),
);
const bill = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: { component: { type: 'application', 'bom-ref': 'worker', name, version } },
  components: [node, ...[...needed].sort().map(component)],
};
process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`);
