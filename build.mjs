import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';

const root = path.dirname(fileURLToPath(import.meta.url));

/**
 * Bundles what is deployed and what starts often, by its folder. The deployer keeps sharp outside
 * its bundle, since sharp brings native code; the scaler is one file without dependencies, so that
 * a cold start reads nothing else.
 */
const ENTRY = 'entry:';
const workloads = namesIn('application-code').filter((name) =>
  existsSync(path.join(root, `application-code/${name}/workload.ts`)),
);
const bundles = [
  ...workloads.map(workerOf),
  {
    folder: 'deployer',
    entryPoints: ['deployer/main.ts'],
    outfile: 'deployer/dist/main.js',
    external: ['sharp'],
    archive: { path: 'deployer/dist/deployer.zip', entries: deployerEntries },
    outside: workloads.map(samplesOf),
  },
  {
    folder: 'lambda/scaler',
    entryPoints: ['lambda/scaler/handler.ts'],
    outfile: 'lambda/scaler/dist/index.js',
    plugins: [literalKeys(/client-ec2[\\/]dist-es[\\/]schemas[\\/]\w+\.js$/)],
    archive: {
      path: 'lambda/scaler/dist/scaler.zip',
      entries: async (bundle) => ({ 'index.js': await readFile(path.join(root, bundle)) }),
    },
  },
  // Describes what is deployed: a synth loads this one file instead of translating a hundred. Node
  // keeps its source map alone for the traces of errors, and not those of packages.
  {
    folder: 'stacks',
    entryPoints: ['main.ts'],
    outfile: 'stacks/dist/main.js',
    packages: 'external',
    plugins: [sourceFolders()],
    banner: { js: 'process.setSourceMapsEnabled(false);' },
  },
  // Translated at each start, they would take three times as long to begin.
  program('cli'),
  program('local'),
];

/** A program for this machine. tsx, which reads the configuration, finds its own files. */
function program(folder) {
  return {
    folder,
    entryPoints: [`${folder}/main.ts`],
    outfile: `${folder}/dist/main.js`,
    external: ['tsx'],
    plugins: [sourceFolders()],
  };
}

/** A module of a bundle finds the files beside it as it does without one. */
function sourceFolders() {
  const place = (file) => JSON.stringify(path.relative(root, path.dirname(file)));
  return {
    name: 'source-folders',
    setup: (build) =>
      build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
        if (file.includes('node_modules')) return undefined;
        const folder = `require('node:path').join(__dirname, '../..', ${place(file)})`;
        const source = await readFile(file, 'utf8');
        return { contents: source.replaceAll('__dirname', folder), loader: 'ts' };
      }),
  };
}

/**
 * The worker of a workload: the engine with the two files of the workload. The packages that the
 * workload names itself stay outside, since they may bring native code.
 */
function workerOf(workload) {
  const folder = `application-code/${workload}`;
  const manifest = path.join(root, folder, 'package.json');
  const { dependencies = {} } = existsSync(manifest)
    ? JSON.parse(readFileSync(manifest, 'utf8'))
    : {};
  return {
    folder,
    entryPoints: [
      { in: `${ENTRY}${workload}`, out: 'main' },
      { in: 'application-code/worker/src/aws/sdk-calls.ts', out: 'sdk-calls' },
    ],
    outdir: `${folder}/dist`,
    external: Object.keys(dependencies),
    plugins: [entry(workload), apart('sdk-calls')],
  };
}

/** Makes the entry of a worker, so that a workload needs none of its own. */
function entry(workload) {
  const contents = `
    import { main } from './worker/src/main';
    import { recipe } from './${workload}/recipe';
    main({ name: '${workload}', recipe, loadWorkload: () => import('./${workload}/workload') });`;
  return {
    name: 'entry',
    setup: (build) => {
      build.onResolve({ filter: new RegExp(`^${ENTRY}`) }, ({ path: name }) => ({
        path: name,
        namespace: 'entry',
      }));
      build.onLoad({ filter: /^/, namespace: 'entry' }, () => ({
        contents,
        resolveDir: path.join(root, 'application-code'),
      }));
    },
  };
}

/** A module that is imported when it is needed, from a file of its own beside the bundle. */
function apart(name) {
  return {
    name: 'apart',
    setup: (build) =>
      build.onResolve({ filter: new RegExp(`/${name}$`) }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${name}.js`, external: true } : undefined,
      ),
  };
}

/**
 * Writes constants that are keys as what they are: a computed key could have an effect, so that
 * esbuild would keep all schemas of EC2, which are a megabyte, for the one that is used.
 */
function literalKeys(filter) {
  return {
    name: 'literal-keys',
    setup: (build) =>
      build.onLoad({ filter }, async ({ path: file }) => {
        const source = await readFile(file, 'utf8');
        const constants = new Map(
          [...source.matchAll(/^const (_\w+) = (".*?");$/gm)].map(([, name, text]) => [name, text]),
        );
        const literal = (computed, name) =>
          constants.has(name) ? `${constants.get(name)}:` : computed;
        return { contents: source.replaceAll(/\[(_\w+)\]:/g, literal) };
      }),
  };
}

/** What a folder holds, without what is made there; nothing for one that does not exist. */
function namesIn(folder) {
  const place = path.join(root, folder);
  const names = existsSync(place) ? readdirSync(place) : [];
  return names.filter((name) => !['dist', 'node_modules'].includes(name)).sort();
}

/** Files by which the canary of a workload tries new images; a canary may also make its own. */
function samplesOf(workload) {
  return `application-code/${workload}/samples`;
}

/**
 * What `npm ci --omit=dev --workspace deployer` needs beside the bundle: the lock file, and every
 * package.json that it speaks of. And the samples of all canaries.
 */
async function deployerEntries(bundle) {
  const { packages } = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8'));
  const workspaces = Object.keys(packages).filter((place) => !/^$|node_modules/.test(place));
  const manifests = workspaces.map((workspace) => `${workspace}/package.json`);
  const samples = await Promise.all(workloads.map(samplesOf).map(filesBelow));
  const files = ['package.json', 'package-lock.json', ...manifests, ...samples.flat(), bundle];
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(path.join(root, file))])),
  );
}

/** None for a folder that does not exist. */
async function filesBelow(folder) {
  if (!existsSync(path.join(root, folder))) return [];
  const entries = await readdir(path.join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(root, path.join(parentPath, name)))
    .sort();
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
  await writeWhole({
    path: path.join(root, file),
    contents: zipSync(files, { mtime: ARCHIVE_TIME }),
  });
  return [file, ...Object.keys(files).filter((name) => name !== path.basename(bundle))];
}

/**
 * Beside a bundle: the hash of each file that it is made of, and of what was made, by their paths.
 */
const recordOf = ({ folder }) => path.join(root, folder, 'dist/made-of.json');
/**
 * Stand for the packages, for what is done here, for how esbuild reads a source, and for the
 * workloads: most bundles have the `recipe.ts` of each, and the deployer's has its canary.
 */
const OUTSIDE_FILES = [
  'application-code',
  ...namesIn('application-code').map((name) => `application-code/${name}`),
  'node_modules/.package-lock.json',
  'build.mjs',
  'package.json',
  'tsconfig.json',
];

/** Of a folder: the hash of its names, without those that are made. */
async function hashOf(file) {
  try {
    const place = path.join(root, file);
    const isFolder = (await stat(place)).isDirectory();
    const contents = isFolder ? namesIn(file).join('\n') : await readFile(place);
    return createHash('sha256').update(contents).digest('hex');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
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

/** @param {typeof bundles[number]} bundle */
async function makeUnlessFresh(bundle) {
  if (await isFresh(bundle)) return;
  const files = [...(await make(bundle)), ...OUTSIDE_FILES, ...(bundle.outside ?? [])];
  const record = await Promise.all(files.map(async (file) => [file, await hashOf(file)]));
  const contents = JSON.stringify(Object.fromEntries(record));
  await writeWhole({ path: recordOf(bundle), contents });
}

/** @returns the sources of a bundle, without those of packages, and the files that were made. */
async function make({ folder: _folder, archive, outside: _outside, ...options }) {
  const esbuild = await import('esbuild');
  const { outputFiles, metafile } = await esbuild.build({
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
    sourcemap: 'linked',
    logLevel: 'warning',
  });
  await Promise.all(outputFiles.map(writeWhole));
  const archived = archive ? await writeArchive(archive, options.outfile) : [];
  const made = outputFiles.map(({ path: file }) => path.relative(root, file));
  const sources = Object.keys(metafile.inputs).filter((file) => !file.includes('node_modules/'));
  return [...sources, ...made, ...archived];
}

/**
 * Makes the bundles of these folders, unless they are fresh; none: all. A deploy asks for what it
 * uploads, and a command for itself.
 */
export async function build(...wanted) {
  const unknown = wanted.filter((folder) => !bundles.some((bundle) => bundle.folder === folder));
  if (unknown.length > 0) {
    const known = bundles.map(({ folder }) => folder).join(', ');
    throw new Error(`There is no bundle of ${unknown.join(', ')}; there is: ${known}.`);
  }
  await Promise.all(
    bundles
      .filter(({ folder }) => wanted.length === 0 || wanted.includes(folder))
      .map(makeUnlessFresh),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build(...process.argv.slice(2));
