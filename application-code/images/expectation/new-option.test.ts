import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { Canary, CanaryOutput } from '../../worker/src/workload/canary';
import type { RenditionSpec } from '../recipe';
import type { ImageRenderer } from '../render/renderer';

/** A text of one file below this workload's folder, and what replaces it. */
interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

interface Workload {
  readonly canary: Canary;
  readonly ImageRenderer: typeof ImageRenderer;
}

const IMAGES = join(__dirname, '..');

/** This workload with other text in some of its files. */
async function changedWorkload(...changes: readonly Change[]): Promise<Workload> {
  const contents = `export { canary } from './canary';
    export { ImageRenderer } from './render/renderer';`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: IMAGES, loader: 'ts' },
    plugins: changes.map(changedFile),
    bundle: true,
    write: false,
    platform: 'node',
    external: ['sharp'],
  });
  const loaded = { exports: {} };
  new Function('module', 'require', outputFiles[0]?.text ?? '')(loaded, require);
  return loaded.exports as Workload;
}

function changedFile({ file, from, to }: Change): Plugin {
  const filter = new RegExp(`/images/${file.replaceAll('.', '\\.')}$`);
  return {
    name: `changed ${file}`,
    setup: ({ onLoad }) =>
      onLoad({ filter }, async ({ path }) => {
        const { readFile } = await import('node:fs/promises');
        const source = await readFile(path, 'utf8');
        if (!source.includes(from)) throw new Error(`${file} has no ${from}`);
        return { contents: source.replace(from, to), loader: 'ts' };
      }),
  };
}

/** Faults that the canary of one workload finds in what another one's renderer makes. */
async function faultsOf(
  { canary }: Workload,
  worker: Workload,
  spec: object,
): Promise<readonly string[]> {
  const recipe = [{ name: 'one', ...spec } as RenditionSpec];
  const trial = await canary.prepare({ RECIPE: JSON.stringify(recipe) });
  const outputs = new Map<string, CanaryOutput>();
  for (const { path, body } of trial.samples) {
    const renderer = new worker.ImageRenderer({
      recipe,
      memoryLimitMiB: 2_048,
      maxSourceBytes: 1e9,
      maxSourcePixels: 1e9,
      maxRenders: 1,
    });
    const { images } = await renderer.render({
      sourceKey: path,
      bytes: body.length,
      download: async () => Buffer.from(body),
      signal: new AbortController().signal,
    });
    for (const image of images) outputs.set(`one/${path}`, { ...image, metadata: {} });
  }
  return trial.judge(async (path) => outputs.get(path));
}

const RULES = { file: 'rendition-options.ts', from: '  ifImpossible: oneOf' };
const ORIENT = 'image.autoOrient()';
const STEPS = { file: 'render/steps.ts', from: ORIENT };
/** Options that no file of the canary names, and that change colours or places. */
const MADE_UP = [
  ['negated', '.negate({ alpha: false })'],
  ['mirrored', '.flop()'],
  ['darkened', '.linear(0.5, 0)'],
] as const;

describe.each(MADE_UP)('a made-up option `%s`', (option, step) => {
  const knows = { ...RULES, to: `  ${option}: flag,\n  ifImpossible: oneOf` };
  const does = {
    ...STEPS,
    to: `((planned.spec as any).${option} ? ${ORIENT}${step} : ${ORIENT})`,
  };
  const spec = { width: 200, height: 200, fit: 'inside', [option]: true };

  let deployed: Workload;

  beforeAll(async () => {
    deployed = await changedWorkload(knows, does);
  });

  test('passes the canary without an edit there', async () => {
    expect(await faultsOf(deployed, deployed, spec)).toEqual([]);
  });

  test('fails the canary of a build that forgets it', async () => {
    const forgetful = await changedWorkload(knows);
    const faults = await faultsOf(deployed, forgetful, spec);
    expect(faults).toHaveLength(4);
    expect(faults[0]).toContain('another picture than expected');
  });
});

describe('a renderer that is broken in the deployer as in the build', () => {
  test.each<[string, Change]>([
    ['turns nothing upright', { ...STEPS, to: ORIENT.replace('autoOrient', 'clone') }],
    ['mirrors', { ...STEPS, to: ORIENT.replace('()', '().flop()') }],
    [
      'halves sizes',
      {
        file: 'render/steps.ts',
        from: 'const given = { width, height, fit,',
        to: 'const given = { width: width && Math.ceil(width / 2), height, fit,',
      },
    ],
  ])('that %s passes no canary', async (_what, change) => {
    const broken = await changedWorkload(change);
    const spec = { width: 224, height: 224, fit: 'inside' };
    await expect(faultsOf(broken, broken, spec)).rejects.toThrow('itself wrong by sharp alone');
  });
});
