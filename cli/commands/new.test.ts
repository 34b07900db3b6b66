import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, tryCommand } from '../../test/fakes/cli/fake-session';
import { UsageError } from '../terminal/failures';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'new-'));
  await mkdir(join(root, 'code/command'), { recursive: true });
  const dockerfile = join(__dirname, '../../application-code/command/Dockerfile');
  await cp(dockerfile, join(root, 'code/command/Dockerfile'));
});
afterEach(() => rm(root, { recursive: true }));

const places = () => ({ applicationCode: join(root, 'code'), workingFolder: root, path: '/bin' });

describe('spillway new', () => {
  test('makes a workload, and says how to try and to deploy it', async () => {
    const line = 'new transcripts --command ./a.sh --suffix .wav --outputs {stem}.txt {stem}.vtt';
    const { text } = await runCommand(line, { newPlaces: places() });
    expect(text).toContain('`./a.sh` reads $JOB_INPUT and writes {stem}.txt, {stem}.vtt into');
    expect(text).toContain('npm start -- --workload transcripts\n');
    expect(text).toContain("  suffixes: ['.wav'],\n");
    expect(await readdir(join(root, 'code/transcripts'))).toContain('a.sh');
  });

  test('proposes larger tasks where a job needs them', async () => {
    const line = 'new films --command ./a.sh --cpus 2 --memory 6000';
    const { text } = await runCommand(line, { newPlaces: places() });
    expect(text).toContain('  cpuUnits: 2048,\n              memoryMiB: 6144,\n');
  });

  test('warns of a program that this machine does not have', async () => {
    const line = 'new films --command no-such-program --json --cpus 0.5 --memory 64';
    const { text, warnings } = await runCommand(line, { newPlaces: places() });
    expect(warnings).toContain('no-such-program');
    expect(JSON.parse(text)).toMatchObject({ name: 'films', jobCpus: 0.5, jobMemoryMiB: 64 });
  });

  test.each([
    ['no name', '--command ls', /missing required argument/],
    ['no program', 'films', /required option '--command/],
    ['a part of a CPU that is no number', 'films --command ls --cpus x', /0\.1 to 16/],
    ['more memory than a task can have', 'films --command ls --memory 999999', /16 to 122880/],
  ])('refuses %s', async (_what, words, sentence) => {
    const { error } = await tryCommand(`new ${words}`, { newPlaces: places() });
    expect(String(error)).toMatch(sentence);
    expect(await readdir(join(root, 'code'))).toEqual(['command']);
  });

  test('refuses a wrong name as wrong usage', async () => {
    const { error } = await tryCommand('new Films --command ls', { newPlaces: places() });
    expect(error).toBeInstanceOf(UsageError);
  });
});
