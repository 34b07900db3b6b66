import { readFileSync } from 'node:fs';
import { Fault } from '../../worker/src/faults';
import type { Allocate } from '../../worker/src/workload/workload';
import { DEFAULT_RECIPE } from '../recipe';
import { ImageRenderer } from '../render/renderer';
import { flatJpeg } from './test-large-pictures';

/**
 * Renders large sources in a process of its own, 16 jobs at a time, and writes what came of it and
 * the peak of its memory.
 */
async function main(memoryLimitMiB: number, names: readonly string[]): Promise<void> {
  const renderer = new ImageRenderer({
    recipe: DEFAULT_RECIPE,
    memoryLimitMiB,
    maxSourceBytes: 256 * 1024 * 1024,
    maxSourcePixels: 100_000_000,
    maxRenders: 2,
  });
  const outcomes: Record<string, number> = {};
  const queue = [...names];
  const work = async () => {
    for (let name = queue.shift(); name; name = queue.shift()) {
      const outcome = await render(renderer, name);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
  process.stdout.write(JSON.stringify({ outcomes, peakRssMiB: peakRssMiB() }));
}

/** A body comes from S3 in pieces, and fills the memory that it is given. */
function copyOf(source: Buffer, allocate: Allocate): Buffer {
  const body = allocate(source.length);
  source.copy(body);
  return body;
}

/** Made on every download. */
const SOURCES = {
  progressive420: () =>
    flatJpeg(10_000, 10_000, { progressive: true, sampling: [0x22, 0x11, 0x11] }),
  baseline: () => flatJpeg(10_000, 10_000, { progressive: false, sampling: [0x22, 0x11, 0x11] }),
  /** The file that the third argument names. */
  file: () => readFileSync(process.argv[4] ?? ''),
};

/**
 * One of {@link SOURCES}, or a progressive 4:4:4 JPEG by its side in pixels, such as `square2700`.
 */
function sourceNamed(name: string): () => Buffer {
  const side = Number(/^square(\d+)$/.exec(name)?.[1]);
  if (side) return () => flatJpeg(side, side, { progressive: true, sampling: [0x11, 0x11, 0x11] });
  const source = SOURCES[name as keyof typeof SOURCES];
  if (!source) throw new Error(`There is no source named ${name}.`);
  return source;
}

async function render(renderer: ImageRenderer, name: string): Promise<string> {
  const source = sourceNamed(name);
  const { signal } = new AbortController();
  const request = {
    sourceKey: name,
    bytes: source().length,
    download: async (allocate: Allocate) => copyOf(source(), allocate),
    signal,
  };
  try {
    const { images, release } = await renderer.render(request);
    release();
    return `${name} ${images.map(({ width, height }) => `${width}x${height}`).join()}`;
  } catch (error) {
    return `${name} ${error instanceof Fault ? error.code : String(error)}`;
  }
}

function peakRssMiB(): number {
  const kibibytes = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kibibytes) / 1024;
}

void main(Number(process.argv[2]), (process.argv[3] ?? '').split(','));
