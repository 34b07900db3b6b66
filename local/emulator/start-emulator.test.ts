import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import type { Emulator } from '../ports';
import { freePort, startEmulator } from './start-emulator';

const health = async (endpoint: string): Promise<number> =>
  (await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(2_000) })).status;

/** The emulator's process, found by the pid file that it writes into its own temporary folder. */
const pidOf = async (endpoint: string): Promise<number> => {
  const port = new URL(endpoint).port;
  const { readFile } = await import('node:fs/promises');
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith('spillway-'));
  for (const folder of folders) {
    const pid = await readFile(`${tmpdir()}/${folder}/ministack-${port}.pid`, 'utf8').catch(
      () => undefined,
    );
    if (pid) return Number(pid);
  }
  throw new Error('no pid file');
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('startEmulator', () => {
  let one: Emulator;
  let other: Emulator;

  beforeAll(async () => {
    // The first run on a machine installs the emulator.
    [one, other] = await Promise.all([startEmulator(), startEmulator()]);
  }, 120_000);

  afterAll(() => Promise.all([one?.stop(), other?.stop()]));

  test('starts two emulators, each on its own loopback port', async () => {
    expect(one.endpoint).not.toBe(other.endpoint);
    expect(await health(one.endpoint)).toBe(200);
    expect(await health(other.endpoint)).toBe(200);
  });

  test('does not listen on any other interface', async () => {
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const outside = addresses.filter(({ family, internal }) => family === 'IPv4' && !internal);
    for (const { address } of outside) {
      await expect(health(`http://${address}:${new URL(one.endpoint).port}`)).rejects.toThrow();
    }
  });

  test('tries another port when another program took its port first', async () => {
    const other = createServer((_request, response) => response.end('{}'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const taken = (other.address() as AddressInfo).port;
    const ports = [taken, await freePort()];
    const emulator = await startEmulator({ choosePort: async () => ports.shift() ?? 0 });
    expect(emulator.endpoint).not.toContain(`:${taken}`);
    expect(ports).toEqual([]);
    await emulator.stop();
    other.close();
    other.closeAllConnections();
  });

  test('leaves no process and no file behind when it is stopped, twice', async () => {
    const emulator = await startEmulator();
    const pid = await pidOf(emulator.endpoint);
    await emulator.stop();
    await emulator.stop();
    expect(isAlive(pid)).toBe(false);
    await expect(pidOf(emulator.endpoint)).rejects.toThrow('no pid file');
  });

  test('reports its end when it is killed, and cleans up afterwards', async () => {
    const emulator = await startEmulator();
    process.kill(await pidOf(emulator.endpoint), 'SIGKILL');
    await expect(emulator.died).resolves.toMatch(
      /ended in the middle of the run \(killed by SIGKILL\)/,
    );
    await emulator.stop();
    await expect(pidOf(emulator.endpoint)).rejects.toThrow('no pid file');
  });
});
