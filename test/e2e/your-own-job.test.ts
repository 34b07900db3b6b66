import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { type CheckoutCopy, copyCheckout } from '../rehearsal/checkout';

/** What each example of docs/your-own-job.md needs, and what it is tried with. */
interface Example {
  readonly workload: string;
  /** A command that ends well where its program is installed. */
  readonly needs: readonly string[];
  writeSources(folder: string): Promise<void>;
  /** The outputs, by their paths. */
  readonly outputs: readonly string[];
  check(out: string): Promise<void>;
  /** What is said of the source that is wrong. */
  readonly reason?: RegExp;
}

const run = promisify(execFile);
const NOISE = Buffer.from('neither film, scan nor table'.repeat(99));

const EXAMPLES: readonly Example[] = [
  {
    workload: 'words',
    needs: ['sh', '-c', 'true'],
    writeSources: (folder) => writeFile(join(folder, 'Été 1.txt'), 'one two\nthree\n'),
    outputs: ['Été 1.txt'],
    async check(out) {
      expect((await readFile(join(out, 'Été 1.txt'), 'utf8')).trim()).toBe('3');
    },
  },
  {
    workload: 'films',
    needs: ['ffmpeg', '-version'],
    async writeSources(folder) {
      const film = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=5:duration=1'];
      await run('ffmpeg', ['-v', 'error', ...film, join(folder, 'a film.mov')]);
      await writeFile(join(folder, 'noise.mov'), NOISE);
    },
    outputs: ['a film.mov.poster.jpg', 'a film.mov.web.mp4'],
    async check(out) {
      const ask = ['-v', 'error', '-show_entries', 'stream=codec_name,height', '-of', 'csv=p=0'];
      const { stdout } = await run('ffprobe', [...ask, join(out, 'a film.mov.web.mp4')]);
      expect(stdout.trim()).toBe('h264,48');
      // From memory: a suite before it in this process may have forbidden libvips to open files.
      const poster = await sharp(await readFile(join(out, 'a film.mov.poster.jpg'))).metadata();
      expect([poster.format, poster.width]).toEqual(['jpeg', 640]);
    },
    reason: /noise\.mov.*JobRejected.*no video stream in ecsproc\/noise\.mov/s,
  },
  {
    workload: 'scans',
    needs: ['tesseract', '--version'],
    async writeSources(folder) {
      await sharp({ text: { text: 'Nothing is lost', dpi: 200 } })
        .extend({ top: 40, bottom: 40, left: 40, right: 40, background: 'black' })
        .negate()
        .png()
        .toFile(join(folder, 'a scan.png'));
      await writeFile(join(folder, 'noise.png'), NOISE);
    },
    outputs: ['a scan.png.pdf', 'a scan.png.txt'],
    async check(out) {
      expect(await readFile(join(out, 'a scan.png.txt'), 'utf8')).toContain('Nothing is lost');
      const pdf = await readFile(join(out, 'a scan.png.pdf'));
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    },
    reason: /noise\.png.*JobRejected.*neither PNG nor JPEG nor TIFF/s,
  },
  {
    workload: 'tables',
    needs: ['python3', '-c', 'import pyarrow'],
    async writeSources(folder) {
      await writeFile(join(folder, 'a table.csv'), 'name,count\nweir,3\ndam,4\n');
      await writeFile(join(folder, 'broken.csv'), 'name,count\nweir,3\ndam\n');
    },
    outputs: ['a table.parquet'],
    async check(out) {
      const read = 'import sys, pyarrow.parquet as p; print(p.read_table(sys.argv[1]).to_pydict())';
      const { stdout } = await run('python3', ['-c', read, join(out, 'a table.parquet')]);
      expect(stdout.trim()).toBe("{'name': ['weir', 'dam'], 'count': [3, 4]}");
    },
    reason: /broken\.csv.*JobRejected.*Expected 2 columns, got 1/s,
  },
  {
    workload: 'tallies',
    needs: ['sh', '-c', 'true'],
    async writeSources(folder) {
      await writeFile(join(folder, 'a text'), 'weir\ndam\n');
      await writeFile(join(folder, 'nothing'), ' \n');
    },
    outputs: ['a text.json'],
    async check(out) {
      const tally = await readFile(join(out, 'a text.json'), 'utf8');
      expect(JSON.parse(tally)).toEqual({ lines: 2, characters: 9 });
    },
    reason: /nothing.*JobRejected.*the file is empty/s,
  },
];

/**
 * Stands for npm's, which would have the command's bundle made again for each workload:
 * `own-program.test.ts` has that.
 */
const NPX = `npx() {
  shift
  '${process.execPath}' -e '
    require("./cli/dist/main.js")
      .main(process.argv.slice(1))
      .then((code) => { process.exitCode = code; })
  ' "$@"
}`;

const isThere = ({ needs: [program = '', ...words] }: Example) =>
  spawnSync(program, words).status === 0;
const why = (example: Example) =>
  isThere(example) ? '' : ` (skipped: \`${example.needs.join(' ')}\` fails on this machine)`;

let copy: CheckoutCopy;
let page: string;

/** They wait most of their time, so all are done at once. */
const followed = new Map<Example, Promise<void>>();

beforeAll(async () => {
  copy = await copyCheckout();
  page = await readFile(join(copy.path, 'docs/your-own-job.md'), 'utf8');
  const examples = EXAMPLES.filter(isThere);
  for (const { workload } of examples) await makeWorkload(workload);
  await run(process.execPath, ['local/prepare.mjs'], { cwd: copy.path });
  for (const example of examples) followed.set(example, follow(example));
  await Promise.allSettled(followed.values());
}, 600_000);

afterAll(() => copy.remove());

describe('docs/your-own-job.md', () => {
  test('has the examples that are tested here, and no other', () => {
    const made = [...page.matchAll(/npx spillway new (\S+)/g)].map(([, name]) => name);
    expect(made).toEqual(EXAMPLES.map(({ workload }) => workload));
  });

  for (const example of EXAMPLES) {
    const testThere = isThere(example) ? test : test.skip;
    testThere(
      `has an example that runs as it stands there: ${example.workload}${why(example)}`,
      async () => followed.get(example),
    );
  }
});

/** Runs the workload with a folder of sources, as the page says. */
async function follow(example: Example): Promise<void> {
  const { workload, outputs, reason } = example;
  const folder = join(copy.path, `in-${workload}`);
  await mkdir(folder);
  await example.writeSources(folder);
  const out = join(copy.path, `out-${workload}`);
  const words = [folder, '--workload', workload, '--out', out];
  const start = join(copy.path, 'local/start.mjs');
  const { stdout } = await run(process.execPath, [start, ...words], { cwd: copy.path });
  const files = (await readdir(out)).filter((name) => !/^(\.spillway|index\.html)$/.test(name));
  expect(files.sort()).toEqual(outputs);
  await example.check(out);
  if (reason) expect(stdout).toMatch(reason);
}

/** The page's own command makes the folder, and its code blocks with a path replace files there. */
async function makeWorkload(workload: string): Promise<void> {
  const [command = ''] =
    page.match(new RegExp(String.raw`^npx spillway new ${workload} (\\\n|.)*$`, 'm')) ?? [];
  await run('sh', ['-c', `${NPX}\n${command}`], { cwd: copy.path });
  const blocks = page.matchAll(/^```\w+ (application-code\/\S+)\n(.*?)^```$/gms);
  for (const [, path = '', code = ''] of blocks) {
    if (!path.startsWith(`application-code/${workload}/`)) continue;
    const file = join(copy.path, path);
    // Only what `new` has written is replaced: a page with a wrong name fails here.
    await chmod(file, 0o755);
    await writeFile(file, code);
  }
}
