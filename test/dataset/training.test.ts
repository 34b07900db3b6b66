import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readersPython } from './readers';
import { pictureSample, writeShard } from './write-shard';

/** Each class has a colour of its own, which little training finds. */
const CLASSES = { green: 0, red: 1, 'deep blue': 2 } as const;
const COLOURS = [
  { r: 20, g: 180, b: 20 },
  { r: 180, g: 20, b: 20 },
  { r: 20, g: 20, b: 180 },
];
const SAMPLES = 192;

interface Example {
  readonly file: string;
  /** Python that has all that the example imports, or why it is not here. */
  readonly python: string;
  readonly missing: string | undefined;
}

const readers = readersPython();
const EXAMPLES: readonly Example[] = [
  {
    file: 'train_sklearn.py',
    python: 'python' in readers ? readers.python : '',
    missing: 'missing' in readers ? readers.missing : undefined,
  },
  onThisMachine('train_pytorch.py', 'torch'),
  onThisMachine('train_tensorflow.py', 'tensorflow'),
];

/** These packages are too large to be installed for a test: who has them, has the example run. */
function onThisMachine(file: string, module: string): Example {
  const { status } = spawnSync('python3', ['-c', `import ${module}, webdataset, PIL`]);
  const missing = status === 0 ? undefined : `python3 has no ${module}, webdataset and pillow`;
  return { file, python: 'python3', missing };
}

describe('the example of docs/datasets.md', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-training-'));
    await makeDataset(join(folder, 'dataset'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  for (const { file, python, missing } of EXAMPLES) {
    const trained = missing === undefined ? test : test.skip;
    const skipped = missing === undefined ? '' : ` (skipped: ${missing})`;
    trained(
      `${file} trains as it stands there: its loss falls${skipped}`,
      async () => {
        await writeFile(join(folder, file), await exampleOf(file));
        const { stdout } = await promisify(execFile)(python, [file], {
          cwd: folder,
          env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', TF_CPP_MIN_LOG_LEVEL: '2' },
        });
        const losses = [...stdout.matchAll(/^loss ([\d.e-]+)$/gm)].map(([, loss]) => Number(loss));
        expect(losses).toHaveLength(5);
        expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) * 0.8);
      },
      120_000,
    );
  }
});

async function exampleOf(file: string): Promise<string> {
  const page = await readFile(join(__dirname, '../../docs/datasets.md'), 'utf8');
  const [, code] = new RegExp(`^\`\`\`python ${file}\n(.*?)^\`\`\`$`, 'ms').exec(page) ?? [];
  if (code === undefined) throw new Error(`docs/datasets.md has no example ${file}.`);
  return code;
}

async function makeDataset(folder: string): Promise<void> {
  await mkdir(folder);
  const names = Object.keys(CLASSES);
  const size = [32, 32] as const;
  const samples = await Promise.all(
    Array.from({ length: SAMPLES }, (_, at) => {
      const number = at % names.length;
      return pictureSample(`${names[number]}/${at}.jpg`, number, {
        size,
        background: COLOURS[number],
      });
    }),
  );
  const half = SAMPLES / 2;
  const shards = [0, 1].map((at) => ({ key: `dataset-00000${at}.tar` }));
  await writeShard(join(folder, shards[0]?.key ?? ''), samples.slice(0, half));
  await writeShard(join(folder, shards[1]?.key ?? ''), samples.slice(half));
  await writeFile(join(folder, 'dataset.json'), JSON.stringify({ shards, classes: CLASSES }));
}
