import { Command, Option } from 'commander';

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
      'print one JSON document and nothing else; on stderr an error is {"error": …}, a remark {"note": …}',
    )
    .helpOption('-h, --help', 'this text')
    .allowExcessArguments(false);
}
