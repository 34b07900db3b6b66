import { scene } from '../../test/fakes/pictures/pictures';
import { sampleContext } from '../worker/src/workload/sample-context';
import type { Source } from '../worker/src/workload/workload';
import type { RenditionSpec } from './recipe';
import { workload } from './workload';

const LIMITS = {
  memoryLimitMiB: 1_024,
  maxSourceBytes: 10_000_000,
  jobTimeoutSeconds: 60,
  maxProcesses: 1,
  settings: { maxSourcePixels: 1_000_000 },
};

async function process(...recipe: readonly RenditionSpec[]) {
  const processor = await workload.createProcessor(recipe, LIMITS);
  return processor.process(await sourceOf(), sampleContext());
}

async function sourceOf(): Promise<Source> {
  const body = await scene(600, 400).png().toBuffer();
  const unread = () => Promise.reject(new Error('pictures are read into memory'));
  const source = { bucket: 'photos', key: 'a.png', bytes: body.length, etag: '"1"' };
  const reads = { read: async () => body, stream: unread, toFile: unread };
  return { ...source, ...reads };
}

test('an output has the headers of its rendition, and no other has them', async () => {
  const headers = { cacheControl: 'public, max-age=60', contentDisposition: 'attachment' };
  const { outputs } = await process(
    { name: 'a', width: 40, ...headers },
    { name: 'b', width: 40 },
    { name: 'c', width: 30, greyscale: true, cacheControl: 'no-cache' },
  );
  const found = new Map(outputs.map((output) => [output.name, output]));
  expect(found.get('a')).toMatchObject(headers);
  expect(found.get('b')?.cacheControl).toBeUndefined();
  expect(found.get('c')).toMatchObject({ cacheControl: 'no-cache' });
});

test('a dataset learns the size of the source, and its hash if that is set', async () => {
  expect((await process({ name: 'a', width: 40 })).columns).toEqual({ width: 600, height: 400 });
  const processor = await workload.createProcessor([{ name: 'a', width: 40 }], {
    ...LIMITS,
    settings: { ...LIMITS.settings, perceptualHash: true },
  });
  const { columns } = await processor.process(await sourceOf(), sampleContext());
  expect(columns?.dhash).toMatch(/^[0-9a-f]{16}$/);
});

test("a job's figures are its pixels, and the lowest quality that maxBytes made", async () => {
  const jpeg = { width: 300, format: 'jpeg' } as const;
  expect((await process({ name: 'a', ...jpeg })).figures).toEqual({ pixels: 240_000 });
  const { outputs, figures } = await process(
    { name: 'a', ...jpeg, maxBytes: 6_000 },
    { name: 'b', ...jpeg, maxBytes: 4_000 },
  );
  const qualities = outputs.map(({ metadata }) => Number(metadata?.['lowered-quality']));
  expect(figures).toEqual({ pixels: 240_000, lowestQuality: Math.min(...qualities) });
});
