/** Folders of the image, which do not exist here. */
const PLACES = ['HOME', 'TMPDIR'];

export interface ImageEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Node's options, from the image's entry point. */
  readonly nodeOptions: readonly string[];
}

/**
 * What the last stage of a Dockerfile sets for the worker: its variables, allocator included, and
 * Node's options.
 * @throws Error where the Dockerfile has no entry point that starts `main.js`.
 */
export function imageEnvironment(dockerfile: string): ImageEnvironment {
  const stage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM ')).replaceAll('\\\n', ' ');
  const entry = /^ENTRYPOINT (\[.*\])$/m.exec(stage)?.[1];
  const [, ...rest] = JSON.parse(entry ?? '[]') as string[];
  if (!rest.at(-1)?.endsWith('main.js'))
    throw new Error(
      `The Dockerfile must end in an ENTRYPOINT that starts main.js, but has ${entry ?? 'none'}.`,
    );
  const set = [...stage.matchAll(/^ENV (.*)$/gm)].flatMap(([, line = '']) =>
    line.trim().split(/\s+/),
  );
  const all = set.map(
    (one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)] as const,
  );
  const variables = Object.fromEntries(all.filter(([name]) => !PLACES.includes(name)));
  return { variables, nodeOptions: rest.slice(0, -1) };
}
