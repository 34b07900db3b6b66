import { Command, Option } from 'commander';
import { loopbackEndpoint } from '../../local/emulator/use-emulator';
import { LOCAL_REGION } from '../../local/environment';
import type { Environment } from '../../stacks/config/blueprint-config';
import { DEFAULT_NAME } from '../../stacks/config/schema';
import type { Account } from '../ports/account';
import { RefusalError, UsageError } from '../terminal/failures';
import type { Session } from '../terminal/session';
import {
  chooseEnvironment,
  choosePipeline,
  LOCAL_ENVIRONMENT,
  localPipeline,
  type TargetPipeline,
} from './choose-pipeline';

/** Options of every command that is about one pipeline. */
export interface PipelineOptions {
  readonly environment?: string;
  readonly pipeline?: string;
  readonly json?: boolean;
}

/** A command about one pipeline of the configuration. */
export function pipelineCommand(
  name: string,
  texts: { summary: string; description: string },
): Command {
  return new Command(name)
    .summary(texts.summary)
    .description(texts.description)
    .addOption(
      new Option(
        '-e, --environment <NAME>',
        'environment of the configuration; one that is the only one deployed need not be said',
      ).env('SPILLWAY_ENVIRONMENT'),
    )
    .addOption(
      new Option(
        '-p, --pipeline <NAME>',
        'pipeline of the environment; the only one need not be said',
      ).env('SPILLWAY_PIPELINE'),
    )
    .option(
      '--json',
      'print one JSON document and nothing else; on stderr an error is {"error": …}, a remark ' +
        '{"note": …}',
    )
    .helpOption('-h, --help', 'this text')
    .allowExcessArguments(false);
}

/** Options of every command that works on AWS and on a local run alike. */
export interface TargetOptions extends PipelineOptions {
  readonly local?: string;
}

/** A command about one pipeline, on AWS or of a local run. */
export function targetCommand(
  name: string,
  texts: { summary: string; description: string },
): Command {
  return pipelineCommand(name, texts).option(
    '--local <URL>',
    'the pipeline of a local run (`npm start -- --keep` says its URL) instead of AWS',
  );
}

/** A pipeline and the account that it is in. */
export interface Target {
  readonly chosen: TargetPipeline;
  readonly account: Account;
}

/**
 * The chosen pipeline; the only one of a local run needs no name.
 * @throws UsageError, RefusalError
 */
export async function openTarget(session: Session, options: TargetOptions): Promise<Target> {
  if (options.local === undefined) {
    const environment = await chosenEnvironment(session, options);
    const chosen = choosePipeline(session.environments(), { ...options, environment });
    return { chosen, account: session.openAccount(chosen) };
  }
  if (options.environment !== undefined)
    throw new UsageError(
      'a local run has no environments: say either --local URL or --environment NAME (or ' +
        'unset SPILLWAY_ENVIRONMENT).',
    );
  const endpoint = localEndpoint(options.local);
  const account = session.openAccount({ region: LOCAL_REGION, endpoint });
  const pipelines = await pipelinesAt(account, endpoint);
  const pipeline = options.pipeline ?? onlyPipeline(pipelines, endpoint);
  return { chosen: localPipeline(pipeline, endpoint), account };
}

/**
 * The chosen environment; the only one, or the only deployed one, needs no name.
 * @throws UsageError
 */
export async function chosenEnvironment(
  session: Session,
  { environment }: PipelineOptions,
): Promise<string> {
  const environments = session.environments();
  const named = environment ?? (await onlyDeployed(session, environments));
  return chooseEnvironment(environments, named).name;
}

/**
 * The only deployed environment of several; undefined when that is unknown.
 */
async function onlyDeployed(
  session: Session,
  environments: readonly Environment[],
): Promise<string | undefined> {
  if (environments.length < 2) return undefined;
  const deployed = await Promise.all(
    environments.map(async ({ name, blueprint, region }) => {
      const found = await session
        .openAccount({ region })
        .parameters.below(`/${blueprint}/${name}/`);
      return found.size > 0 ? [name] : [];
    }),
  );
  const [only, ...more] = deployed.flat();
  return more.length === 0 ? only : undefined;
}

function localEndpoint(url: string): string {
  try {
    return loopbackEndpoint(url, '--local');
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Names of the pipelines of a local run. */
async function pipelinesAt({ parameters }: Account, endpoint: string): Promise<readonly string[]> {
  const path = `/${DEFAULT_NAME}/${LOCAL_ENVIRONMENT}/`;
  const names = await parameters.below(path).catch((error: unknown) => {
    if (Object(error).code !== 'ECONNREFUSED') throw error;
    throw new RefusalError(
      `nothing answers at ${endpoint}: that local run has ended. \`npm start -- --keep\` ` +
        'starts another, and says its URL.',
      { cause: error },
    );
  });
  return [...new Set([...names.keys()].map((name) => name.slice(path.length).split('/')[0] ?? ''))];
}

function onlyPipeline(pipelines: readonly string[], endpoint: string): string {
  const [first] = pipelines;
  if (first !== undefined && pipelines.length === 1) return first;
  if (first === undefined)
    throw new RefusalError(
      `there is no pipeline at ${endpoint}: start one with \`npm start -- --keep\`, which ` +
        'says its URL.',
    );
  throw new UsageError(
    `there are several pipelines at ${endpoint} (${pipelines.join(', ')}): say --pipeline NAME.`,
  );
}
