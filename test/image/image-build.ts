import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator } from '../../local/emulator/start-emulator';
import { awsEnvironment } from '../../local/environment';
import type { Emulator } from '../../local/ports';
import { type BuildEnd, runBuild } from '../codebuild/run-build';
import { run } from '../emulator/run-command';
import { type Builder, openBuilder } from './builder';

const ROOT = join(__dirname, '..', '..');
export const REPOSITORY = 'spillway-rehearsal-worker';
/** What the image and its build are made of. */
const SOURCES = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'build.mjs',
  'buildspec.yml',
  '.dockerignore',
  'application-code/command',
  'application-code/images',
  'application-code/worker',
  'dataset',
  'text',
];

/** This machine's architecture, in the words of the configuration. */
export const ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'x86_64';

export interface ImageBuild {
  readonly builder: Builder;
  readonly emulator: Emulator;
  /** Runs buildspec.yml over a folder as the project of the delivery stack would. */
  run(
    folder: string,
    version: string,
    variables?: Readonly<Record<string, string | undefined>>,
  ): Promise<BuildEnd>;
  /** Runs the `aws` command against the emulator. */
  aws(...args: string[]): Promise<string>;
  close(): Promise<void>;
}

/** A builder, and an emulator whose ECR keeps what is pushed. */
export async function openImageBuild(): Promise<ImageBuild> {
  const emulator = await startEmulator();
  const builder = await openBuilder();
  const registry = new URL(emulator.endpoint).host;
  const environment = { ...awsEnvironment(emulator.endpoint), ...builder.environment };
  const aws = (...args: string[]) =>
    run('aws', args, {
      folder: ROOT,
      environment: { PATH: process.env.PATH ?? '', ...awsEnvironment(emulator.endpoint) },
    });
  await aws(
    ...[
      'ecr',
      'create-repository',
      '--repository-name',
      REPOSITORY,
      '--image-tag-mutability',
      'IMMUTABLE',
    ],
  );
  return {
    builder,
    emulator,
    aws,
    run: async (folder, version, variables = {}) => {
      const given = {
        ...environment,
        WORKLOAD: 'images',
        REPOSITORY,
        REPOSITORY_URI: `${registry}/${REPOSITORY}`,
        CACHE_REPOSITORY_URI: `${registry}/${REPOSITORY}-cache`,
        ARCHITECTURE,
        SBOM: 'true',
        CODEBUILD_RESOLVED_SOURCE_VERSION: version,
        ...variables,
      };
      return runBuild({
        buildspec: await readFile(join(folder, 'buildspec.yml'), 'utf8'),
        sourceFolder: folder,
        environment: Object.fromEntries(Object.entries(given).filter(hasValue)),
        commands: builder.commands,
      });
    },
    close: async () => {
      await emulator.stop();
      await builder.close();
    },
  };
}

/** A copy of the image's sources, changed by text. */
export async function copySources(
  changes: readonly { readonly file: string; readonly from: string; readonly to: string }[] = [],
): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'spillway-sources-'));
  const remove = () => rm(path, { recursive: true });
  for (const source of SOURCES)
    await cp(join(ROOT, source), join(path, source), { recursive: true });
  for (const { file, from, to } of changes) {
    const text = await readFile(join(path, file), 'utf8');
    if (!text.includes(from))
      throw new Error(`${file} does not contain ${from}, which was to be changed`);
    await writeFile(join(path, file), text.replace(from, to));
  }
  return { path, remove };
}

function hasValue(entry: readonly [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}
