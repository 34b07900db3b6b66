import { startEcsProxy } from '../../local/ecs/ecs-proxy';
import { startEmulator } from '../../local/emulator/start-emulator';
import type { Emulator } from '../../local/ports';
import { provision } from '../../local/provision/provision';
import { DEFAULT_PIPELINE } from '../../stacks/config/schema';
import { type AwsClients, awsClients } from '../emulator/clients';
import { drain } from '../emulator/drain';
import { startFleet } from '../emulator/fleet';
import { LAUNCH_MODES, type LaunchMode, type LaunchSettings } from '../emulator/launch-modes';
import { mixedPhotos } from './album';
import type { Photo } from './photos';

const FILES = 300;
const MAX_TASKS = 3;
/** A task for each object takes more of them to be as fast. */
const MOST_TASKS: Partial<Record<LaunchMode, number>> = { 'per-object': 20 };
/** `aws-cli.test.ts` has the first one. */
const [, ...MODES] = Object.keys(LAUNCH_MODES) as LaunchMode[];
/** Of a job whose task is killed. */
const VISIBILITY_TIMEOUT_SECONDS = 12;

let emulator: Emulator;
let clients: AwsClients;
let photos: readonly Photo[];

beforeAll(async () => {
  emulator = await startEmulator();
  clients = awsClients(emulator.endpoint);
  photos = await mixedPhotos(FILES);
}, 60_000);

afterAll(async () => {
  clients.destroy();
  await emulator.stop();
});

test(`${FILES} mixed files lose nothing, and no more tasks run than are allowed, by: ` +
  MODES.join(', '), async () => {
  const broken = await Promise.all(MODES.map(async (mode) => [mode, await drainBy(mode)]));
  expect(Object.fromEntries(broken)).toEqual(Object.fromEntries(MODES.map((mode) => [mode, []])));
}, 600_000);

async function drainBy(mode: LaunchMode): Promise<readonly string[]> {
  const ecs = await startEcsProxy(emulator.endpoint);
  const settings: LaunchSettings = LAUNCH_MODES[mode];
  const maxTasks = MOST_TASKS[mode] ?? MAX_TASKS;
  const woken = settings.wake === 'event' ? DEFAULT_PIPELINE.wakeTasks : 0;
  const pipeline = await provision(emulator.endpoint, {
    ...settings,
    ecsEndpoint: ecs.endpoint,
    schedule: false,
    maxTasks,
    visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
    jobTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
  });
  const fleet = await startFleet(pipeline, ecs, clients);
  try {
    const parts = { clients, pipeline, fleet, settings, kills: 'SIGKILL' } as const;
    return await drain(photos, { ...parts, mostTasks: maxTasks + woken });
  } finally {
    await fleet.runner.stop();
    await ecs.stop();
  }
}
