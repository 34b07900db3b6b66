import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { apart } from '../../text/build-plugins.mjs';

const ENTRY = 'entry:';

/**
 * The worker of a workload: the engine with the two files of the workload. The packages that the
 * workload names itself stay outside, since they may bring native code.
 */
export function workerBundle(root, workload) {
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
      { in: 'dataset/main.ts', out: 'dataset' },
    ],
    outdir: `${folder}/dist`,
    external: Object.keys(dependencies),
    outside: [folder, `${folder}/package.json`],
    plugins: [entry(root, workload), apart('sdk-calls'), apart('dataset/main', 'dataset')],
  };
}

/**
 * Makes the entry of a worker, so that a workload needs none of its own. With `--dataset` the same
 * image makes the parts that its workers have written into shards.
 */
function entry(root, workload) {
  const contents = `
    import { main } from './worker/src/main';
    import { recipe } from './${workload}/recipe';
    if (process.argv[2] === '--dataset')
      import('../dataset/main').then((dataset) => dataset.main(process.argv.slice(3)));
    else
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
