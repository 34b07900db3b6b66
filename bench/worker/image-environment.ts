import { existsSync } from 'node:fs';

/** Where a library of the image may lie on a machine, beside the place that the image gives it. */
const LIBRARY_FOLDERS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'];
/** Folders of the image, which are none here. */
const PLACES = ['HOME', 'TMPDIR'];

export interface ImageEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Node's options, from the image's entry point. */
  readonly nodeOptions: readonly string[];
  /** What the image has and this machine has not, as sentences. */
  readonly missing: readonly string[];
}

/**
 * What the last stage of a Dockerfile sets for the worker: its variables, allocator included, and
 * Node's options.
 * @param find the path on this machine of a library that the image preloads; undefined where there
 * is none.
 * @throws Error where the Dockerfile has no entry point that starts `main.js`.
 */
export function imageEnvironment(
  dockerfile: string,
  find: (library: string) => string | undefined = findLibrary,
): ImageEnvironment {
  const stage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM ')).replaceAll('\\\n', ' ');
  const entry = /^ENTRYPOINT (\[.*\])$/m.exec(stage)?.[1];
  const [, ...rest] = JSON.parse(entry ?? '[]') as string[];
  if (!rest.at(-1)?.endsWith('main.js'))
    throw new Error(
      `The Dockerfile must end in an ENTRYPOINT that starts main.js, but has ${entry ?? 'none'}.`,
    );
  const set = [...stage.matchAll(/^ENV (.*)$/gm)].flatMap(([, line = '']) => line.trim().split(/\s+/));
  const all = set.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)] as const);
  const variables = Object.fromEntries(all.filter(([name]) => !PLACES.includes(name)));
  const preloaded = variables.LD_PRELOAD;
  const found = preloaded === undefined ? undefined : find(preloaded);
  const missing =
    preloaded !== undefined && found === undefined
      ? [`the image's allocator ${preloaded} is not on this machine: the system's is used`]
      : [];
  const { LD_PRELOAD: _image, ...others } = variables;
  return {
    variables: { ...others, ...(found === undefined ? {} : { LD_PRELOAD: found }) },
    nodeOptions: rest.slice(0, -1),
    missing,
  };
}

function findLibrary(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return [path, ...LIBRARY_FOLDERS.map((folder) => `${folder}/${name}`)].find(existsSync);
}
