import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import sharp from 'sharp';

/** As the container and the local task runner have it: freed memory goes back to the system at once. */
const ALLOCATOR = { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };

interface Result {
  readonly outcomes: Readonly<Record<string, number>>;
  readonly peakRssMiB: number;
}

let child: string;
let folder: string;
let largeFile: string;

beforeAll(async () => {
  const entry = join(__dirname, 'memory-child.ts');
  const built = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    external: ['sharp'],
  });
  child = built.outputFiles[0]?.text ?? '';
  folder = mkdtempSync(join(tmpdir(), 'memory-'));
  largeFile = join(folder, 'large.png');
  const create = { width: 6_000, height: 3_000, channels: 3, background: '#369' } as const;
  await sharp({ create }).png({ compressionLevel: 0 }).toFile(largeFile);
});

afterAll(() => rmSync(folder, { recursive: true }));

function renderAll(memoryLimitMiB: number, sources: readonly string[]): Result {
  const args = ['-', String(memoryLimitMiB), sources.join(), largeFile];
  const env = { ...process.env, ...ALLOCATOR };
  return JSON.parse(execFileSync(process.execPath, args, { input: child, env, cwd: __dirname }).toString());
}

const times = (count: number, name: string) => Array.from({ length: count }, () => name);

test('at 512 MiB a 100-megapixel progressive 4:4:4 JPEG is too large, at 2 GiB it succeeds', () => {
  const small = renderAll(512, ['progressive444']);
  expect(small.outcomes).toEqual({ 'progressive444 TooLargeForMemory': 1 });
  const large = renderAll(2_048, ['progressive444']);
  expect(large.outcomes).toEqual({ 'progressive444 224x224': 1 });
  expect(large.peakRssMiB).toBeGreaterThan(512);
  expect(large.peakRssMiB).toBeLessThan(2_048);
});

test('forty large files, 16 jobs at a time, stay within 512 MiB', () => {
  const rounds = [...times(16, 'file'), 'progressive420', 'baseline', 'progressive420', 'baseline'];
  const { outcomes, peakRssMiB } = renderAll(512, [...rounds, ...rounds]);
  expect(outcomes).toEqual({
    'file 224x112': 32,
    'progressive420 224x224': 4,
    'baseline 224x224': 4,
  });
  expect(peakRssMiB).toBeLessThan(512);
});
