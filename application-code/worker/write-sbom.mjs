import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { installedPackages, packages } from './installed-packages.mjs';

/**
 * Writes what the image of a workload is made of as CycloneDX 1.5: Node, every package of which
 * code is in its bundle, and those that stay outside of it. Sorted, and without a time or a serial
 * number: the same sources make the same list. The bundle is there already.
 *
 *   node build.mjs application-code/images
 *   node application-code/worker/write-sbom.mjs application-code/images
 */
const WORKER = 'application-code/worker';
const [workload] = process.argv.slice(2);

/** Packages of which code is in the bundle, by their locations: its source maps name each file. */
function bundledPackages() {
  const dist = path.join(workload, 'dist');
  const maps = readdirSync(dist).filter((name) => name.endsWith('.js.map'));
  const sources = maps.flatMap(
    (name) => JSON.parse(readFileSync(path.join(dist, name), 'utf8')).sources,
  );
  return sources.flatMap((source) => {
    const file = path.join(dist, source).replaceAll(path.sep, '/');
    return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [];
  });
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
const needed = new Set([...bundledPackages(), ...installedPackages(workload)]);
const bill = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: { component: { type: 'application', 'bom-ref': 'worker', name, version } },
  components: [node, ...[...needed].sort().map(component)],
};
process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`);
