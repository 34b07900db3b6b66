import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { installedPackages } from './installed-packages.mjs';

/**
 * Lays out what is added to any image with glibc: the engine with the bundle of a workload, Node,
 * the workload's folder, and the packages that its package.json names. The bundle is there already.
 *
 *   node build.mjs application-code/transcripts
 *   node application-code/worker/lay-engine.mjs application-code/transcripts /opt/spillway
 */
const [workload, target] = process.argv.slice(2);
const into = (...parts) => path.join(target, ...parts);
/** The folder has no need of what builds it. */
const LEFT_OUT = ['dist', 'node_modules', 'Dockerfile'].map((name) => path.join(workload, name));

if (!existsSync(`${workload}/dist/main.js`))
  throw new Error(`${workload} has no bundle: run \`node build.mjs ${workload}\` first.`);
for (const name of readdirSync(`${workload}/dist`).filter((file) => file.endsWith('.js')))
  cpSync(`${workload}/dist/${name}`, into('dist', name));
mkdirSync(into('bin'));
cpSync(process.execPath, into('bin/node'));
const filter = (source) => !LEFT_OUT.includes(source) && !source.endsWith('.test.ts');
cpSync(workload, into('workload'), { recursive: true, filter });
for (const location of installedPackages(workload))
  cpSync(location, into(location), { recursive: true });
// An archive of the source may have lost which files are programs.
for (const entry of readdirSync(into('workload'), { recursive: true, withFileTypes: true }))
  if (entry.isFile()) chmodSync(path.join(entry.parentPath, entry.name), 0o755);
