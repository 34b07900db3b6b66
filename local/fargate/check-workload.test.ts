import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkWorkload } from './check-workload';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a worker that is this text. */
async function check(text: string): Promise<void> {
  const program = join(folder, 'main.js');
  await writeFile(program, text);
  return checkWorkload('scenes', program);
}

describe('checkWorkload', () => {
  test('lets a workload run whose self-test ends well', async () => {
    await check(`
      const { argv, env, cwd } = process;
      const isRight = argv[2] === '--self-test' && env.TMPDIR === cwd() && env.PATH;
      process.exitCode = isRight && !env.AWS_PROFILE ? 0 : 1;`);
  });

  test.each([
    [
      'with every check that failed',
      "console.log('ok      a'); console.log('FAILED  b: install c.'); process.exitCode = 1",
      'The workload scenes cannot run on this machine: b: install c.\nIts self-test is',
    ],
    [
      'with the last line of one that breaks off',
      "console.error('no \\u001b[2J'); process.exit(3)",
      'this machine: no \\u001b[2J.\n',
    ],
    ['that says nothing', 'process.exit(1)', 'this machine: its self-test failed.\n'],
  ])('refuses a workload %s', async (_what, text, sentence) => {
    await expect(check(text)).rejects.toThrow(sentence);
  });
});
