import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourceUnderTest } from '../../test/fakes/command/job-under-test';
import { sampleContext } from '../worker/src/workload/sample-context';
import { commandRecipe } from './command-recipe';
import { commandWorkload } from './command-workload';
import type { CommandDefinition } from './definition';

const limits = {
  ...{ memoryLimitMiB: 1_024, maxSourceBytes: 1_000, jobTimeoutSeconds: 60, maxProcesses: 2 },
  settings: { cacheControl: '' },
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-command-'));
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'upper.sh'), '#!/bin/sh\ntr a-z A-Z < "$1" > "output/$1"\n');
  await chmod(join(folder, 'upper.sh'), 0o755);
  await writeFile(join(folder, 'plain.sh'), 'echo\n');
  await writeFile(join(folder, 'odd.sh'), '#!/bin/no-such-shell\n', { mode: 0o755 });
});

afterEach(() => rm(folder, { recursive: true }));

const workloadOf = (definition: CommandDefinition) =>
  commandWorkload(commandRecipe(definition), {
    ...{ folder, scratch: folder },
    variables: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` },
  });

test("runs a file of the workload's folder, wherever it works", async () => {
  const { createProcessor } = workloadOf({ argv: ['./upper.sh', 'input.txt'] });
  const processor = await createProcessor({}, limits);
  const { outputs, release } = await processor.process(sourceUnderTest(), sampleContext());
  const [{ body } = { body: Buffer.alloc(0) }] = outputs;
  expect(await readFile((body as { file: string }).file, 'utf8')).toBe('HELLO');
  await release?.();
});

test.each([
  [['./missing.sh'], 'argv begins with ./missing.sh, but there is no file /'],
  [['./plain.sh'], 'plain.sh is not executable: run chmod +x ./plain.sh'],
  [['./odd.sh'], 'odd.sh begins with #!/bin/no-such-shell, but there is no program'],
  [['./bin'], 'argv begins with ./bin, but there is no file /'],
  [['no-such-program'], 'argv begins with no-such-program, which is in no folder of PATH'],
  [['upper.sh'], 'or write ./upper.sh for a file of the workload'],
  [['sh', './missing.sh'], 'argv names ./missing.sh, but'],
])('a worker does not start with argv %j', async (argv, fault) => {
  await expect(workloadOf({ argv }).createProcessor({}, limits)).rejects.toThrow(fault);
});

test('finds programs by PATH, also by links', async () => {
  await symlink('../upper.sh', join(folder, 'bin/upper'));
  await expect(workloadOf({ argv: ['upper'] }).createProcessor({}, limits)).resolves.toBeDefined();
});

describe('the self-test', () => {
  const selfTest = async (definition: CommandDefinition) => {
    const lines: string[] = [];
    const isWell = await workloadOf(definition).selfTest((line) => lines.push(line));
    return { isWell, lines };
  };

  test('passes where program, scratch folder and probe are right', async () => {
    const { isWell, lines } = await selfTest({ argv: ['./upper.sh'], probe: ['sh', '-c', 'exit'] });
    expect([isWell, lines]).toEqual([
      true,
      [
        'ok      the program is there and executable',
        `ok      a folder can be made in ${folder}`,
        'ok      sh -c exit ends well',
      ],
    ]);
  });

  test.each([
    [{ argv: ['./plain.sh'] }, 'FAILED  the program is there and executable: /'],
    [{ argv: ['sh'], probe: ['sh', '-c', 'exit 3'] }, 'FAILED  sh -c exit 3 ends well: '],
  ])('fails for %j', async (definition, line) => {
    const { isWell, lines } = await selfTest(definition);
    expect(isWell).toBe(false);
    expect(lines).toContainEqual(expect.stringContaining(line));
  });
});
