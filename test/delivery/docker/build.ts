import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { DockerError, type Parsed, parseFlags, splitOnce } from './arguments';
import type { Machine } from './docker';
import { filesBelow } from './image-store';

const VALUES =
  '--build-arg --builder --cache-from --cache-to --file -f --label --output --platform ' +
  '--progress --provenance --sbom --secret --tag -t';
const FLAGS = { values: VALUES.split(' '), switches: ['--load', '--pull'] };

/** `docker buildx build`: only what the Dockerfile does to the worker's sources. */
export async function build(words: readonly string[], machine: Machine): Promise<void> {
  const { registry, store } = machine;
  const parsed = parseFlags('buildx build', words, FLAGS);
  const { context, dockerfile } = contextOf(parsed);
  await useCache(parsed, registry);
  const folder = mkdtempSync(join(tmpdir(), 'spillway-docker-'));
  try {
    const contents = bundle(context, folder, {
      packages: machine.packages,
      workload: relative(context, dirname(dockerfile)),
    });
    const image = store.add(contents, {
      architecture: architectureOf(parsed, machine),
      os: 'linux',
      config: { User: '10001:10001', Labels: labelsOf(parsed) },
    });
    for (const tag of [...parsed.values('--tag'), ...parsed.values('-t')])
      store.name(tag, image.digest);
    for (const target of parsed.values('--cache-to')) {
      await registry.pushCache(referenceOf(target), image.manifest);
    }
    console.log(`writing image ${image.digest} done`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The context must hold what a real build reads first. */
function contextOf(parsed: Parsed) {
  const [folder, ...more] = parsed.rest;
  if (!folder || more.length > 0)
    throw new DockerError('docker buildx build requires exactly 1 argument');
  const context = resolve(folder);
  const dockerfile = resolve(
    parsed.values('--file')[0] ?? parsed.values('-f')[0] ?? join(context, 'Dockerfile'),
  );
  if (!existsSync(dockerfile))
    throw new DockerError(
      `failed to read dockerfile: open ${dockerfile}: no such file or directory`,
    );
  return { context, dockerfile };
}

/** What `.dockerignore` lets in: it names what is read, and nothing else gets there. */
function contextPaths(context: string): readonly string[] {
  const lines = readFileSync(join(context, '.dockerignore'), 'utf8').split('\n');
  if (!lines.includes('*'))
    throw new DockerError('expected a .dockerignore that lets in what it names alone');
  return lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
}

async function useCache(parsed: Parsed, registry: Machine['registry']): Promise<void> {
  for (const source of parsed.values('--cache-from')) {
    const reference = referenceOf(source);
    const isThere = await registry.pullCache(reference);
    console.log(
      isThere ? `importing cache manifest from ${reference}` : `${reference}: not found, no cache`,
    );
  }
}

/** `type=registry,ref=REFERENCE,…`. */
function referenceOf(cache: string): string {
  const settings = Object.fromEntries(cache.split(',').map((setting) => splitOnce(setting, '=')));
  if (settings.type !== 'registry' || !settings.ref) {
    throw new DockerError(`expected a cache of type registry with a ref but received ${cache}`);
  }
  return settings.ref;
}

interface Bundling {
  readonly packages: string;
  /** Folder of the workload, from the context. */
  readonly workload: string;
}

/** Runs the repository's own bundler on a copy beside its packages. */
function bundle(context: string, folder: string, { packages, workload }: Bundling): string {
  for (const path of contextPaths(context)) {
    const filter = (source: string) => !/\.test\.ts$|\/(dist|node_modules)$/.test(source);
    cpSync(join(context, path), join(folder, path), { recursive: true, filter });
  }
  symlinkSync(packages, join(folder, 'node_modules'));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['build.mjs', workload], {
    cwd: folder,
  });
  process.stdout.write(`${stdout}${stderr}`);
  if (status !== 0)
    throw new DockerError(`process "node build.mjs ${workload}" did not complete successfully`);
  return layOut(folder, { packages, workload });
}

/** What an image holds: the bundle, and the folder of the workload, whose files are programs. */
function layOut(folder: string, { packages, workload }: Bundling): string {
  const contents = join(folder, 'image');
  mkdirSync(contents);
  renameSync(join(folder, workload, 'dist'), join(contents, 'dist'));
  symlinkSync(packages, join(contents, 'dist', 'node_modules'));
  const own = join(contents, 'workload');
  renameSync(join(folder, workload), own);
  for (const file of filesBelow(own)) chmodSync(file, 0o755);
  return contents;
}

function architectureOf(parsed: Parsed, machine: Machine) {
  const [platform] = parsed.values('--platform');
  if (platform !== undefined && platform !== `linux/${machine.architecture}`) {
    throw new DockerError(
      `no builder for ${platform}: this machine is linux/${machine.architecture}`,
    );
  }
  return machine.architecture;
}

/** Labels of the command, and the build arguments, from which a Dockerfile makes some. */
function labelsOf(parsed: Parsed): Record<string, string> {
  const given = [...parsed.values('--label'), ...parsed.values('--build-arg')];
  return Object.fromEntries(
    given.map((label) => splitOnce(label, '=')).map(([name, value = '']) => [name, value]),
  );
}
