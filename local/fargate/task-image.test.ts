import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WantedTask } from './ecs-tasks';
import { openTaskImage, type TaskImagePorts } from './task-image';

const CONFINED = 'run --rm --read-only --cap-drop ALL';
const TASK: WantedTask = {
  taskArn: 'arn:aws:ecs:us-east-1:123456789012:task/local/abc',
  capacityProvider: 'FARGATE',
  revision: 'worker:1',
  image: 'spillway-worker:local',
  environment: { WORKLOAD: 'command', QUEUE_URL: 'http://127.0.0.1:4566/q', HOME: '/own', A: '1' },
  memoryMiB: '2048',
  stopTimeoutSeconds: 120,
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Puts a program beside the others that notes its words. */
async function engine(name: 'docker' | 'podman', script = 'exit 0'): Promise<void> {
  const file = join(folder, name);
  await writeFile(file, `#!/bin/sh\necho ${name} "$@" >> ${folder}/log\n${script}\n`);
  await chmod(file, 0o755);
}

const open = (workload = 'command', ports: Partial<TaskImagePorts> = {}) => {
  const environment = { PATH: folder, HOME: '/home/me' };
  return openTaskImage(workload, {
    print: () => undefined,
    environment,
    platform: 'linux',
    ...ports,
  });
};
const log = async () => (await readFile(join(folder, 'log'), 'utf8')).trim().split('\n');

describe('openTaskImage', () => {
  test('builds the image, and tries it without a network', async () => {
    await engine('docker');
    await open();
    expect(await log()).toEqual([
      'docker info',
      'docker build --file application-code/command/Dockerfile --tag spillway-local/command .',
      `docker ${CONFINED} --network none --tmpfs /scratch spillway-local/command --self-test`,
    ]);
  });

  test('starts a task as Fargate does, at the emulator of this machine', async () => {
    await engine('docker');
    const { command, environment } = (await open()).launch(TASK, 'http://127.0.0.1:4566');
    const line = command.join(' ');
    const name = `spillway-${process.pid}-abc`;
    expect(line).toMatch(`docker run --init --name ${name} --rm --read-only --cap-drop ALL `);
    expect(line).toContain('--network host --memory 2048m ');
    expect(line).toMatch(/ spillway-local\/command$/);
    expect(line).toContain(' --env TMPDIR ');
    expect(environment).toMatchObject({
      ...{ PATH: folder, AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', TMPDIR: '/scratch' },
      ...{ QUEUE_URL: 'http://127.0.0.1:4566/q', MEMORY_LIMIT_MIB: '2048' },
    });
  });

  test('hands the words of the request to the entry point of the image', async () => {
    await engine('docker');
    const task = { ...TASK, command: ['--dataset', '{}'] };
    const { command } = (await open()).launch(task, 'http://127.0.0.1:4566');
    expect(command.slice(-3)).toEqual(['spillway-local/command', '--dataset', '{}']);
  });

  test('hands variables over by name, except those that Docker itself reads', async () => {
    await engine('docker');
    const { command, environment } = (await open()).launch(TASK, 'http://127.0.0.1:4566');
    expect(command.join(' ')).toContain(' --env HOME=/own --env A ');
    expect(environment).toMatchObject({ HOME: '/home/me', A: '1' });
  });

  test('reaches the emulator by the name of the host where a container has its own', async () => {
    await engine('podman');
    const image = await open('command', { platform: 'darwin' });
    const { command, environment } = image.launch(TASK, 'http://127.0.0.1:4566');
    expect(command.slice(0, 2)).toEqual(['podman', 'run']);
    expect(command).not.toContain('host');
    expect(environment.QUEUE_URL).toBe('http://host.containers.internal:4566/q');
  });

  test('kills a container by its name', async () => {
    await engine('docker');
    (await open()).launch(TASK, 'http://127.0.0.1:4566').kill();
    const killed = `docker kill spillway-${process.pid}-abc`;
    while (!(await log()).includes(killed)) await new Promise((resolve) => setImmediate(resolve));
  });

  test('refuses a workload without a Dockerfile, and asks no one', async () => {
    await expect(open('worker')).rejects.toThrow('application-code/worker/Dockerfile, which does');
  });

  test('refuses where neither Docker nor Podman answers', async () => {
    await engine('docker', 'echo "Cannot connect to the Docker daemon." >&2; exit 1');
    await expect(open()).rejects.toThrow(
      'docker says "Cannot connect to the Docker daemon." and podman is not here: start one',
    );
  });

  test('refuses an image that cannot be built, with the end of what was said', async () => {
    await engine('docker', 'case $1 in build) echo "step 3: no such package" >&2; exit 1 ;; esac');
    await expect(open()).rejects.toThrow('docker said:\nstep 3: no such package');
  });

  test('refuses an image in which the workload cannot run', async () => {
    await engine('docker', 'case $1 in run) echo "FAILED  scenes: install povray"; exit 1 ;; esac');
    await expect(open()).rejects.toThrow('cannot run in its image: scenes: install povray. Fix');
  });
});
