import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeDataset, pictureOf } from './make-dataset';
import { readersPython } from './readers';

/** Each class has a colour of its own, which little training finds. */
const COLOURS: Readonly<Record<string, string>> = {
  green: '#14b414',
  red: '#b41414',
  'deep blue': '#1414b4',
};
const SAMPLES = 96;

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
    await makeColours(join(folder, 'dataset'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  for (const { file, python, missing } of EXAMPLES) {
    const trained = missing === undefined ? test : test.skip;
    const skipped = missing === undefined ? '' : ` (skipped: ${missing})`;
    trained(
      `${file} trains as it stands there: its loss falls${skipped}`,
      async () => {
        await writeFile(join(folder, file), await exampleOf(file));
        const { stdout } = await run(python, file);
        const losses = [...stdout.matchAll(/^loss ([\d.e-]+)$/gm)].map(([, loss]) => Number(loss));
        expect(losses).toHaveLength(5);
        expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) * 0.8);
      },
      120_000,
    );
  }

  const read = 'python' in readers ? test : test.skip;
  read('read_one.py reads a sample by its row of the index', async () => {
    await writeFile(join(folder, 'read_one.py'), await exampleOf('read_one.py'));
    const { stdout } = await run('python' in readers ? readers.python : '', 'read_one.py');
    expect(stdout).toBe(
      "green/0.jpg ['green/0%2Ejpg.jpg', 'green/0%2Ejpg.json', 'green/0%2Ejpg.cls']\n",
    );
  });

  /** In the folder that holds `dataset/`. */
  function run(python: string, file: string) {
    return promisify(execFile)(python, [file], {
      cwd: folder,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', TF_CPP_MIN_LOG_LEVEL: '2' },
    });
  }
});

async function exampleOf(file: string): Promise<string> {
  const page = await readFile(join(__dirname, '../../docs/datasets.md'), 'utf8');
  const [, code] = new RegExp(`^\`\`\`python ${file}\n(.*?)^\`\`\`$`, 'ms').exec(page) ?? [];
  if (code === undefined) throw new Error(`docs/datasets.md has no example ${file}.`);
  return code;
}

async function makeColours(folder: string): Promise<void> {
  const names = Object.keys(COLOURS);
  const pictures = await Promise.all(
    Array.from({ length: SAMPLES }, (_, at) => {
      const name = names[at % names.length] ?? '';
      return pictureOf(`${name}/${at}.jpg`, COLOURS[name] ?? '', [224, 224]);
    }),
  );
  await makeDataset(folder, [pictures], { samplesPerShard: SAMPLES / 2 });
}
