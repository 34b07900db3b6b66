import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** A module of a bundle finds the files beside it as it does without one. */
export function sourceFolders(root) {
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
 * cdktf takes a stack trace for each token, which no output of a synth shows:
 * https://github.com/hashicorp/terraform-cdk/blob/main/packages/cdktf/lib/tokens/private/stack-trace.ts
 */
export function withoutCreationTraces() {
  const contents = 'exports.captureStackTrace = () => [];';
  return {
    name: 'without-creation-traces',
    setup: (build) => build.onLoad({ filter: /[\\/]stack-trace\.js$/ }, () => ({ contents })),
  };
}

/**
 * Writes constants that are keys as what they are: a computed key could have an effect, so that
 * esbuild would keep all schemas of EC2, which are a megabyte, for the one that is used.
 */
export function literalKeys(filter) {
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

/** A module that is imported when it is needed, from a file of its own beside the bundle. */
export function apart(name, file = name) {
  return {
    name: 'apart',
    setup: (build) =>
      build.onResolve({ filter: new RegExp(`/${name}$`) }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${file}.js`, external: true } : undefined,
      ),
  };
}
