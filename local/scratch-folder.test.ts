import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../test/fakes/eventually';
import { openScratchFolder } from './scratch-folder';

const startSleeper = () => spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('openScratchFolder', () => {
  test('fails with a sentence when the temporary folder does not exist', async () => {
    await expect(openScratchFolder('/nowhere/at/all')).rejects.toMatchObject({
      name: 'LocalModeError',
      message: expect.stringMatching(/^The temporary folder \/nowhere\/at\/all .*ENOENT.*TMPDIR/),
    });
  });

  test('kills what is guarded and removes the folder with its files', async () => {
    const scratch = await openScratchFolder();
    const sleeper = startSleeper();
    const exited = once(sleeper, 'exit');
    scratch.guard(sleeper.pid ?? 0);
    await writeFile(join(scratch.path, 'file'), 'x');
    await scratch.remove();
    await scratch.remove();
    expect(await exists(scratch.path)).toBe(false);
    expect(await exited).toEqual([null, 'SIGKILL']);
  });

  test('spares a group that was released', async () => {
    const scratch = await openScratchFolder();
    const [spared, guarded] = [startSleeper(), startSleeper()];
    scratch.guard(spared.pid ?? 0);
    scratch.guard(guarded.pid ?? 0);
    scratch.release(spared.pid ?? 0);
    await scratch.remove();
    await eventually(() => guarded.signalCode === 'SIGKILL');
    expect(spared.signalCode).toBeNull();
    spared.kill('SIGKILL');
    await once(spared, 'exit');
  });

  test('does the same when its owner is killed without a warning', async () => {
    const module = join(__dirname, 'scratch-folder.ts');
    const program = `
      const { spawn } = require('node:child_process');
      const { openScratchFolder } = require(${JSON.stringify(module)});
      openScratchFolder().then((scratch) => {
        const sleeper = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
        scratch.guard(sleeper.pid);
        console.log(JSON.stringify({ path: scratch.path, sleeper: sleeper.pid }));
        setInterval(() => undefined, 1000);
      });`;
    const owner = spawn(process.execPath, ['--require', 'tsx/cjs', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const { path, sleeper } = JSON.parse(line.toString()) as { path: string; sleeper: number };
    expect(await exists(path)).toBe(true);
    owner.kill('SIGKILL');
    await eventually(async () => !(await exists(path)) && !isAlive(sleeper));
  });
});
