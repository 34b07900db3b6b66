import { createHash } from 'node:crypto';
import { access, copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../local/emulator/python-environment';
import { run } from '../emulator/run-command';

/** The versions of the images that the Dockerfile names. */
const SUITE = 'bookworm';
const NODE = '22.23.1';
const NPM = '10.9.8';
/** Debian's slim images leave these out, too. */
const NOT_SLIM = ['usr/share/doc', 'usr/share/man', 'usr/share/info', 'usr/share/locale'];
const CACHES = ['var/cache/apt/archives', 'var/lib/apt/lists'];
/** Certificates of this machine: its way to the npm registry may lead through a mirror. */
export const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** Two archives that stand in for the base images where no registry can be reached. */
export interface BaseArchives {
  /** The smallest Debian. */
  readonly runtime: string;
  /** What Node's image has on top of it. */
  readonly node: string;
}

/** Both archives, made once a machine (about half a minute) and found again afterwards. */
export async function baseArchives(): Promise<BaseArchives> {
  const cache = cacheFolder(process.platform, homedir(), process.env.XDG_CACHE_HOME);
  const folder = join(cache, `base-image-${await fingerprint()}`);
  const archives = { runtime: join(folder, 'runtime.tar'), node: join(folder, 'node.tar') };
  if (await isThere(archives.node)) return archives;
  await mkdir(cache, { recursive: true });
  const build = await mkdtemp(`${folder}.build-`);
  try {
    await makeRuntime(build);
    await makeNode(build);
    // The first one wins: a folder with the final name is complete.
    await rename(build, folder).catch(async (error: unknown) => {
      if (!(await isThere(archives.node))) throw error;
    });
  } finally {
    await rm(build, { recursive: true, force: true });
  }
  return archives;
}

async function fingerprint(): Promise<string> {
  const made = [
    SUITE,
    NODE,
    NPM,
    NOT_SLIM,
    CACHES,
    process.arch,
    await readFile(CERTIFICATES, 'utf8'),
  ];
  return createHash('sha256').update(JSON.stringify(made)).digest('hex').slice(0, 12);
}

async function makeRuntime(build: string): Promise<void> {
  const root = join(build, 'runtime');
  // From its own mirror, or by the proxy of this machine's environment.
  await command(build, 'debootstrap', ['--variant=minbase', SUITE, root]);
  for (const path of [...NOT_SLIM, ...CACHES])
    await rm(join(root, path), { recursive: true, force: true });
  for (const path of CACHES) await mkdir(join(root, path, 'partial'), { recursive: true });
  await archive(build, 'runtime');
}

async function makeNode(build: string): Promise<void> {
  const local = join(build, 'node', 'usr', 'local');
  const npm = join(local, 'lib', 'node_modules', 'npm');
  await mkdir(npm, { recursive: true });
  await unpack(build, `node-linux-${process.arch}@${NODE}`, local, 'package/bin/node');
  await unpack(build, `npm@${NPM}`, npm, 'package');
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin', 'npm'));
  const certificates = join(build, 'node', CERTIFICATES);
  await mkdir(dirname(certificates), { recursive: true });
  await copyFile(CERTIFICATES, certificates);
  await archive(build, 'node');
}

async function unpack(build: string, name: string, target: string, member: string): Promise<void> {
  const file = (await command(build, 'npm', ['pack', '--silent', name])).trim();
  await command(build, 'tar', ['-xzf', file, '-C', target, '--strip-components=1', member]);
  await rm(join(build, file));
}

/** Replaces a folder by its archive. */
async function archive(build: string, name: string): Promise<void> {
  await command(build, 'tar', ['-cf', `${name}.tar`, '-C', name, '.']);
  await rm(join(build, name), { recursive: true });
}

function command(folder: string, name: string, args: readonly string[]): Promise<string> {
  return run(name, args, { folder, environment: process.env as Record<string, string> });
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
