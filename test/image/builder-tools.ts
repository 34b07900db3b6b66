import { spawnSync } from 'node:child_process';

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
