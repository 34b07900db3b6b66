import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { sentenceOf, tellBuildError, throwBuildError } from './text/build-error.mjs';
import { apart, literalKeys, sourceFolders, withoutCreationTraces } from './text/build-plugins.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const inCheckout = (...parts) => path.join(root, ...parts);

/** A checkout without workloads has no file that says how they are bundled. */
const WORKER_BUNDLE = 'application-code/worker/worker-bundle.mjs';
const hasWorkers = existsSync(inCheckout(WORKER_BUNDLE));
const { workerBundle } = hasWorkers ? await import(`./${WORKER_BUNDLE}`) : {};
const workloads = namesIn('application-code').filter((name) =>
  existsSync(inCheckout(`application-code/${name}/workload.ts`)),
);
/** By the files in them canaries try new images; a canary may also make its own. */
const sampleFolders = workloads.map((name) => `application-code/${name}/samples`);
/**
 * Stand for the workloads: four bundles have the `recipe.ts` of each, and the deployer's has its
 * canary.
 */
const allWorkloads = [
  'application-code',
  ...namesIn('application-code').map((name) => `application-code/${name}`),
];
const literalSchemas = literalKeys(/client-(ec2|cloudwatch)[\\/]dist-es[\\/]schemas[\\/]\w+\.js$/);
/**
 * Bundles what is deployed and what starts often, by its folder. The deployer keeps sharp outside
 * its bundle, since sharp brings native code; the scaler is one file without dependencies, so that
 * a cold start reads nothing else.
 */
const bundles = [
  ...workloads.map((name) => workerBundle(root, name)),
  {
    folder: 'deployer',
    entryPoints: ['deployer/main.ts'],
    outfile: 'deployer/dist/main.js',
    external: ['sharp'],
    archive: { path: 'deployer/dist/deployer.zip', entries: deployerEntries },
    outside: [...allWorkloads, ...sampleFolders],
  },
  {
    folder: 'lambda/scaler',
    entryPoints: ['lambda/scaler/handler.ts'],
    outfile: 'lambda/scaler/dist/index.js',
    plugins: [literalSchemas],
    archive: {
      path: 'lambda/scaler/dist/scaler.zip',
      entries: async (bundle) => ({ 'index.js': await readFile(inCheckout(bundle)) }),
    },
  },
  // Describes what is deployed: a synth loads this one file instead of translating a hundred and
  // looking for a thousand of packages. Its source map is for the traces of errors.
  {
    folder: 'stacks',
    entryPoints: ['main.ts'],
    outfile: 'stacks/dist/main.js',
    external: ['tsx'],
    plugins: [sourceFolders(root), withoutCreationTraces()],
    outside: allWorkloads,
  },
  // Translated at each start, they would take three times as long to begin.
  program('cli', 'aws/checkup-clients'),
  program('local'),
];

/**
 * A program for this machine. tsx, which reads the configuration, finds its own files.
 * @param rare modules that most runs do not load.
 */
function program(folder, ...rare) {
  const apartOf = (module) => ({ in: `${folder}/${module}.ts`, out: path.basename(module) });
  return {
    folder,
    entryPoints: ['main', ...rare].map(apartOf),
    outdir: `${folder}/dist`,
    external: ['tsx'],
    outside: allWorkloads,
    plugins: [
      sourceFolders(root),
      literalSchemas,
      ...rare.map((module) => apart(path.basename(module))),
    ],
  };
}

/** What a folder holds, without what is made there; nothing for one that does not exist. */
function namesIn(folder) {
  const names = existsSync(inCheckout(folder)) ? readdirSync(inCheckout(folder)) : [];
  return names.filter((name) => !['dist', 'node_modules'].includes(name)).sort();
}

/**
 * What `npm ci --omit=dev --workspace deployer` needs beside the bundle: the lock file, and every
 * package.json that it speaks of. And the samples of all canaries.
 */
async function deployerEntries(bundle) {
  const { packages } = JSON.parse(await readFile(inCheckout('package-lock.json'), 'utf8'));
  const workspaces = Object.keys(packages).filter((place) => !/^$|node_modules/.test(place));
  const manifests = workspaces.map((workspace) => `${workspace}/package.json`);
  const samples = await Promise.all(sampleFolders.map(filesBelow));
  const files = ['package.json', 'package-lock.json', ...manifests, ...samples.flat(), bundle];
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(inCheckout(file))])),
  );
}

/** None for a folder that does not exist. */
async function filesBelow(folder) {
  if (!existsSync(inCheckout(folder))) return [];
  const names = await readdir(inCheckout(folder), { recursive: true });
  const files = names.map((name) => path.join(folder, name)).sort();
  return files.filter((file) => statSync(inCheckout(file)).isFile());
}

/** Written aside and renamed into place: a start beside this one never reads half a bundle. */
async function writeWhole({ path: file, contents }) {
  const aside = `${file}.${process.pid}`;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(aside, contents);
  await rename(aside, file);
}

/** The same code makes the same archive, whenever it is built: its file has no time of its own. */
const ARCHIVE_TIME = '1980-01-01 00:00:00';

/** @returns the archive and the files in it. */
async function writeArchive({ path: file, entries }, bundle) {
  const files = await entries(bundle);
  await writeWhole({ path: inCheckout(file), contents: zipSync(files, { mtime: ARCHIVE_TIME }) });
  return [file, ...Object.keys(files).filter((name) => name !== path.basename(bundle))];
}

/**
 * Beside a bundle: the hash of each file that it is made of, and of what was made, by their paths.
 */
const recordOf = ({ folder }) => inCheckout(folder, 'dist/made-of.json');
/** Stand for the packages, for what is done here, and for how esbuild reads a source. */
const OUTSIDE_FILES = [
  'node_modules/.package-lock.json',
  'build.mjs',
  'text/build-error.mjs',
  'text/build-plugins.mjs',
  WORKER_BUNDLE,
  'package.json',
  'tsconfig.json',
];

/** Of a folder: the hash of its names, without those that are made. */
async function hashOf(file) {
  const place = inCheckout(file);
  if (!existsSync(place)) return null;
  const contents = statSync(place).isDirectory() ? namesIn(file).join('\n') : await readFile(place);
  return createHash('sha256').update(contents).digest('hex');
}

/** Whether nothing has changed since a bundle was made; also where a checkout cannot be written. */
async function isFresh(bundle) {
  try {
    const record = Object.entries(JSON.parse(await readFile(recordOf(bundle), 'utf8')));
    const hashes = await Promise.all(record.map(([file]) => hashOf(file)));
    return record.every(([, hash], at) => hash === hashes[at]);
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return false;
    throw error;
  }
}

async function makeUnlessFresh(bundle) {
  if (await isFresh(bundle)) return;
  const files = [...(await make(bundle)), ...OUTSIDE_FILES, ...(bundle.outside ?? [])];
  const record = await Promise.all(files.map(async (file) => [file, await hashOf(file)]));
  const contents = JSON.stringify(Object.fromEntries(record));
  await writeWhole({ path: recordOf(bundle), contents });
}

/**
 * It ends with us, and collecting garbage took it a third of its time: it does so only near a
 * bound. https://go.dev/doc/gc-guide#Memory_limit
 */
const FOR_ESBUILD = { GOGC: 'off', GOMEMLIMIT: '1GiB' };

/** What is started meanwhile has these variables, and what we start later has not. */
function withVariables(variables, work) {
  const { env } = process;
  const before = { ...env };
  Object.assign(env, { ...variables, ...before });
  try {
    return work();
  } finally {
    for (const name of Object.keys(variables)) if (!(name in before)) delete env[name];
  }
}

/** @returns the sources of a bundle, without those of packages, and the files that were made. */
async function make({ folder: _folder, archive, outside: _outside, ...options }) {
  const esbuild = await import('esbuild');
  const { outputFiles, metafile, warnings } = await withVariables(FOR_ESBUILD, () =>
    esbuild.build({
      ...options,
      absWorkingDir: root,
      bundle: true,
      metafile: true,
      write: false,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      // ES modules first: esbuild leaves out what is not called. Of CommonJS, the default for Node,
      // it takes all, and a cold start reads it. https://esbuild.github.io/api/#main-fields
      mainFields: ['module', 'main'],
      minifySyntax: true,
      // A late `require`: what Node imports late, it reads export by export, undici among http's.
      supported: { 'dynamic-import': false },
      // An archive is uploaded without it; the sources are beside it.
      sourcemap: archive ? false : 'linked',
      sourcesContent: false,
      logLevel: 'silent',
    }),
  ).catch(throwBuildError);
  for (const warning of warnings) console.error(sentenceOf(warning));
  await Promise.all(outputFiles.map(writeWhole));
  const archived = archive ? await writeArchive(archive, options.outfile) : [];
  const made = outputFiles.map(({ path: file }) => path.relative(root, file));
  const sources = Object.keys(metafile.inputs).filter((file) => !file.includes('node_modules/'));
  return [...sources, ...made, ...archived];
}

/** Stands for the workers of all workloads. */
const WORKERS = 'application-code';

/**
 * Makes the bundles of these folders, unless they are fresh; none: all. A deploy asks for what it
 * uploads, a command for itself, and a local run for what it starts.
 */
export async function build(...wanted) {
  const known = [...bundles.map(({ folder }) => folder), WORKERS];
  const unknown = wanted.filter((folder) => !known.includes(folder));
  if (unknown.length > 0)
    throw new Error(`There is no bundle of ${unknown.join(', ')}; there is: ${known.join(', ')}.`);
  const isWanted = ({ folder }) =>
    wanted.length === 0 || wanted.some((name) => `${folder}/`.startsWith(`${name}/`));
  await Promise.all(bundles.filter(isWanted).map(makeUnlessFresh));
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await build(...process.argv.slice(2)).catch(tellBuildError);
