import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

/**
 * Bundles what is deployed. The worker keeps sharp outside its bundle, since sharp brings native code;
 * the scaler is one file without dependencies, so that a cold start reads nothing else.
 */
const bundles = [
  {
    entryPoints: ['application-code/worker/src/main.ts'],
    outfile: 'application-code/worker/dist/main.js',
    external: ['sharp'],
  },
  { entryPoints: ['lambda/scaler/handler.ts'], outfile: 'lambda/scaler/dist/index.js' },
];

/** Written aside and renamed into place: a start beside this one never reads half a bundle. */
async function writeWhole({ path: file, contents }) {
  const aside = `${file}.${process.pid}`;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(aside, contents);
  await rename(aside, file);
}

/** The same code makes the same archive, whenever it is built: its file has no time of its own. */
const ARCHIVE_TIME = '1980-01-01 00:00:00';

async function writeScalerArchive() {
  const folder = 'lambda/scaler/dist';
  const bundle = await readFile(path.join(folder, 'index.js'));
  const contents = zipSync({ 'index.js': bundle }, { mtime: ARCHIVE_TIME });
  await writeWhole({ path: path.join(folder, 'scaler.zip'), contents });
}

/** Which one alone is wanted, as its folder; none: all. A deploy asks for the scaler, which it uploads. */
const [only] = process.argv.slice(2);

await Promise.all(
  bundles
    .filter(({ outfile }) => only === undefined || outfile.startsWith(only))
    .map(async (bundle) => {
      const { outputFiles } = await build({
        ...bundle,
        bundle: true,
        write: false,
        platform: 'node',
        target: 'node20',
        format: 'cjs',
        minifySyntax: true,
        sourcemap: 'linked',
        logLevel: 'warning',
      });
      await Promise.all(outputFiles.map(writeWhole));
    }),
);
if (only === undefined || only.startsWith('lambda')) await writeScalerArchive();
