import { dirname } from 'node:path';
import { WORKER_VARIABLES } from '../worker/src/settings';
import { SHARD_VARIABLES } from '../worker/src/shard-settings';
import type { JobContext, Source } from '../worker/src/workload/workload';
import { COMMAND_SETTINGS } from './command-recipe';
import type { JsonObject } from './definition';
import type { JobFolder } from './run/job-folder';

/** Handed on only to programs of pipelines with `credentials: true`. */
const AWS_VARIABLE = /^(AWS|ECS)_/;
/** What the engine is told, and what it sets for itself. */
const ENGINE_VARIABLES: ReadonlySet<string> = new Set([
  ...Object.values(WORKER_VARIABLES).map(({ variable }) => variable),
  ...Object.values(SHARD_VARIABLES).map(({ variable }) => variable),
  ...Object.values(COMMAND_SETTINGS).map(({ variable }) => variable),
  'UV_THREADPOOL_SIZE',
]);

/**
 * What each program inherits: the variables of the image, and the `environment` and `secrets` of
 * the pipeline. Nothing of the engine's own is among them.
 */
export function inheritedVariables(
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<string, string>> {
  const hasCredentials = variables[COMMAND_SETTINGS.credentials.variable] === 'true';
  const isInherited = (name: string) =>
    !ENGINE_VARIABLES.has(name) && (hasCredentials || !AWS_VARIABLE.test(name));
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value !== undefined && isInherited(name) ? [[name, value]] : [],
    ),
  );
}

/** A home in the scratch volume would be shared by all jobs: each has one of its own instead. */
function homeOf({ path }: JobFolder, home: string | undefined) {
  const scratch = dirname(path);
  return home === scratch || home?.startsWith(`${scratch}/`) ? { HOME: path } : {};
}

/** What a program learns about its job. */
export interface JobFacts {
  readonly source: Pick<Source, 'bucket' | 'key' | 'etag' | 'bytes' | 'contentType'>;
  readonly context: Pick<JobContext, 'id' | 'attempt' | 'maxAttempts' | 'sentAt'>;
  readonly folder: JobFolder;
  readonly recipe: JsonObject;
  readonly cpus: number;
  readonly memoryMiB: number;
}

/** All variables of one program. */
export function programVariables(inherited: Readonly<Record<string, string>>, facts: JobFacts) {
  return { ...inherited, ...jobVariables(facts), ...homeOf(facts.folder, inherited.HOME) };
}

/** The contract with programs: docs/your-own-job.md has the table. */
function jobVariables({ source, context, folder, recipe, cpus, memoryMiB }: JobFacts) {
  return {
    JOB_ID: context.id,
    JOB_INPUT: folder.input,
    JOB_OUTPUT: folder.output,
    JOB_PROGRESS: folder.progress,
    JOB_CPUS: String(cpus),
    JOB_MEMORY_MIB: String(memoryMiB),
    SOURCE_BUCKET: source.bucket,
    SOURCE_KEY: source.key,
    SOURCE_ETAG: source.etag,
    SOURCE_SIZE: String(source.bytes),
    SOURCE_CONTENT_TYPE: source.contentType ?? '',
    // As other samples of this kind call them.
    S3_BUCKET: source.bucket,
    S3_KEY: source.key,
    ATTEMPT: String(context.attempt),
    MAX_ATTEMPTS: String(context.maxAttempts),
    SENT_AT: context.sentAt.toISOString(),
    RECIPE: JSON.stringify(recipe),
    TMPDIR: folder.path,
  };
}

/** The same, as the process of a function reads it. */
export function givenJob(variables: Readonly<Record<string, string | undefined>> = process.env) {
  const text = (name: keyof ReturnType<typeof jobVariables>) => variables[name] ?? '';
  const contentType = text('SOURCE_CONTENT_TYPE');
  return {
    id: text('JOB_ID'),
    input: text('JOB_INPUT'),
    output: text('JOB_OUTPUT'),
    progressFile: text('JOB_PROGRESS'),
    cpus: Number(text('JOB_CPUS')),
    memoryMiB: Number(text('JOB_MEMORY_MIB')),
    source: {
      bucket: text('SOURCE_BUCKET'),
      key: text('SOURCE_KEY'),
      etag: text('SOURCE_ETAG'),
      bytes: Number(text('SOURCE_SIZE')),
      ...(contentType && { contentType }),
    },
    attempt: Number(text('ATTEMPT')),
    maxAttempts: Number(text('MAX_ATTEMPTS')),
    sentAt: new Date(text('SENT_AT')),
    recipe: JSON.parse(text('RECIPE')) as JsonObject,
  };
}
