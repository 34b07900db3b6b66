import { Command } from 'commander';

/** Options of every command that is about one pipeline. */
export interface PipelineOptions {
  readonly environment?: string;
  readonly pipeline?: string;
  readonly json?: boolean;
}

/** A command about one pipeline of the configuration. */
export function pipelineCommand(name: string, texts: { summary: string; description: string }): Command {
  return new Command(name)
    .summary(texts.summary)
    .description(texts.description)
    .option('-e, --environment <NAME>', 'environment of the configuration; the only one need not be said')
    .option('-p, --pipeline <NAME>', 'pipeline of the environment; the only one need not be said')
    .option(
      '--json',
      'print one JSON document and nothing else; on stderr an error is {"error": …}, a remark {"note": …}',
    )
    .helpOption('-h, --help', 'this text')
    .allowExcessArguments(false);
}
