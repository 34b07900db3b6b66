import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../emulator/run-command';
import { baseArchives, CERTIFICATES } from './base-image';

const IMAGES = { NODE_IMAGE: 'localhost/node', RUNTIME_IMAGE: 'localhost/runtime' } as const;

/** What an image says of how it is to be run. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly WorkingDir: string;
  readonly Volumes: Readonly<Record<string, unknown>>;
  readonly Labels: Readonly<Record<string, string>>;
  readonly StopSignal: string;
}

/** An image laid out in a folder, to be started. */
export interface OpenedImage {
  readonly root: string;
  readonly config: ImageConfig;
}

/** A builder of images that needs no daemon and no registry of base images. */
export interface Builder {
  /** Folder with a `docker` command, to be put in front of PATH. */
  readonly commands: string;
  /** What that command needs to be told. */
  readonly environment: Readonly<Record<string, string>>;
  open(image: string): Promise<OpenedImage>;
  close(): Promise<void>;
}

const BUILDAH = join(__dirname, 'store-buildah');

/** Opens a builder with an empty store; it makes the base images. See `whyNoBuilder`. */
export async function openBuilder(): Promise<Builder> {
  const store = await mkdtemp(join(tmpdir(), 'spillway-images-'));
  const environment = { BUILDER_STORAGE: store, BUILDER_DRIVER: driverFor(store), ...IMAGES };
  const buildah: Buildah = async (...args) => {
    const { PATH = '' } = process.env;
    return (
      await run(BUILDAH, args, {
        folder: store,
        environment: { ...environment, PATH, HOME: store },
      })
    ).trim();
  };
  const close = () => rm(store, { recursive: true, force: true });
  try {
    await addBaseImages(buildah);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    commands: join(__dirname, 'commands'),
    environment,
    open: async (image) => {
      const { OCIv1 } = JSON.parse(await buildah('inspect', '--type', 'image', image));
      const root = join(await mkdtemp(join(store, 'opened-')), 'root');
      await buildah('in', image, 'cp', root, '--archive');
      return { root, config: OCIv1.config as ImageConfig };
    },
    close,
  };
}

/** Overlays are faster by far, but not every file system carries them. */
function driverFor(store: string): 'overlay' | 'vfs' {
  const trial = {
    ...process.env,
    BUILDER_STORAGE: join(store, 'trial'),
    BUILDER_DRIVER: 'overlay',
  };
  return spawnSync(BUILDAH, ['info'], { env: trial }).status === 0 ? 'overlay' : 'vfs';
}

type Buildah = (...args: string[]) => Promise<string>;

async function addBaseImages(buildah: Buildah): Promise<void> {
  const archives = await baseArchives();
  await addImage(buildah, IMAGES.RUNTIME_IMAGE, 'scratch', archives.runtime);
  await addImage(buildah, IMAGES.NODE_IMAGE, IMAGES.RUNTIME_IMAGE, archives.node, [
    '--env',
    `NODE_EXTRA_CA_CERTS=${CERTIFICATES}`,
  ]);
}

async function addImage(
  buildah: Buildah,
  name: string,
  base: string,
  archive: string,
  config: readonly string[] = [],
): Promise<void> {
  const container = await buildah('from', '--pull=never', base);
  await buildah('add', container, archive, '/');
  if (config.length > 0) await buildah('config', ...config, container);
  await buildah('commit', '--quiet', '--rm', container, name);
}

const COMMANDS = [
  ['buildah', '--version'],
  ['debootstrap', '--version'],
  ['aws', '--version'],
  ['unshare', '--version'],
  ['setpriv', '--version'],
] as const;

/** Mounts are what makes a root that cannot be written; a container often may not make any. */
const TRIAL = [
  '--mount',
  '--propagation',
  'private',
  '--pid',
  '--fork',
  'mount',
  '-t',
  'tmpfs',
  'none',
  '/mnt',
];

/** Why no image can be built on this machine, or undefined when everything is there. */
export function whyNoBuilder(): string | undefined {
  if (process.platform !== 'linux')
    return `images are built on Linux, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'only root may make a base image here';
  const missing = COMMANDS.find(([command, ask]) => spawnSync(command, [ask]).status !== 0);
  if (missing) return `there is no \`${missing[0]}\` command on this machine`;
  if (spawnSync('unshare', TRIAL).status !== 0) return 'this machine allows no mount';
  return undefined;
}
