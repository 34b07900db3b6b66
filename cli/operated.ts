import type { Command } from 'commander';
import { loopbackEndpoint } from '../local/emulator/use-emulator';
import { LOCAL_REGION } from '../local/environment';
import { DEFAULT_NAME } from '../stacks/config/defaults';
import { type ChosenPipeline, choosePipeline, LOCAL_ENVIRONMENT, localPipeline } from './chosen-pipeline';
import { Refused, UsageError } from './failures';
import { type PipelineOptions, pipelineCommand } from './pipeline-command';
import type { Account, Session } from './session';

/** Options of every command that works on AWS and on a local run alike. */
export interface OperatorOptions extends PipelineOptions {
  readonly local?: string;
}

/** A command about one pipeline, on AWS or of a local run. */
export function operatorCommand(name: string, texts: { summary: string; description: string }): Command {
  return pipelineCommand(name, texts).option(
    '--local <URL>',
    'the pipeline of a local run (`npm start -- --keep` says its URL) instead of AWS',
  );
}

/** A pipeline and the account that it is in. */
export interface Operated {
  readonly chosen: ChosenPipeline;
  readonly account: Account;
}

/**
 * The pipeline that is meant; the only one of a local run need not be named.
 * @throws UsageError, Refused
 */
export async function openPipeline(session: Session, options: OperatorOptions): Promise<Operated> {
  if (options.local === undefined) {
    const chosen = choosePipeline(session.environments(), options);
    return { chosen, account: session.connect(chosen) };
  }
  if (options.environment !== undefined)
    throw new UsageError('a local run has no environments: say either --local URL or --environment NAME.');
  const endpoint = localEndpoint(options.local);
  const account = session.connect({ region: LOCAL_REGION, endpoint });
  const pipeline = options.pipeline ?? (await onlyPipeline(account, endpoint));
  return { chosen: localPipeline(pipeline, endpoint), account };
}

function localEndpoint(url: string): string {
  try {
    return loopbackEndpoint(url, '--local');
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function onlyPipeline({ parameters }: Account, endpoint: string): Promise<string> {
  const path = `/${DEFAULT_NAME}/${LOCAL_ENVIRONMENT}/`;
  const names = await parameters.below(path);
  const pipelines = [
    ...new Set([...names.keys()].map((name) => name.slice(path.length).split('/')[0] ?? '')),
  ];
  const [first] = pipelines;
  if (first !== undefined && pipelines.length === 1) return first;
  if (first === undefined)
    throw new Refused(
      `there is no pipeline at ${endpoint}: start one with \`npm start -- --keep\`, which says its URL.`,
    );
  throw new UsageError(
    `there are several pipelines at ${endpoint} (${pipelines.join(', ')}): say --pipeline NAME.`,
  );
}
