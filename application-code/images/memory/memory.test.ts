import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import sharp from 'sharp';
import { ALLOCATOR } from './allocator';

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
  return JSON.parse(
    execFileSync(process.execPath, args, { input: child, env, cwd: __dirname }).toString(),
  );
}

const times = (count: number, name: string) => Array.from({ length: count }, () => name);

test('at 512 MiB a 100-megapixel progressive 4:4:4 JPEG is too large, at 2 GiB it succeeds', () => {
  const small = renderAll(512, ['square10000']);
  expect(small.outcomes).toEqual({ 'square10000 TooLargeForMemory': 1 });
  const large = renderAll(2_048, ['square10000']);
  expect(large.outcomes).toEqual({ 'square10000 224x224': 1 });
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

test('48 pictures of many sizes, 16 at a time, stay within 256 MiB', () => {
  const sizes = [1_300, 2_700, 3_900, 2_000, 3_300, 3_600, 3_800, 1_700];
  const { outcomes, peakRssMiB } = renderAll(
    256,
    times(6, sizes.map((size) => `square${size}`).join()),
  );
  expect(outcomes).toEqual(Object.fromEntries(sizes.map((size) => [`square${size} 224x224`, 6])));
  expect(peakRssMiB).toBeLessThan(256);
});
