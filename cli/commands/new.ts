import { Command } from 'commander';
import { type MadeWorkload, type NewOptions, newWorkload } from '../new/new-workload';
import { pipelineLines } from '../new/workload-files';
import { decimalNumber, wholeNumber } from '../terminal/option-values';
import type { Session } from '../terminal/session';

const EXAMPLES = `
Examples:
  npx spillway new transcripts --command ./transcribe.sh
  npx spillway new captions --command 'python3 ./caption.py' --suffix .wav --outputs '{stem}.vtt'
  npx spillway new posters --command ./poster.sh --cpus 2 --memory 2048 --sample ~/film.mp4

A file that --command names is copied into the folder; a ./NAME.sh or ./NAME.py that does not exist
is written, to begin with. {name} is the file name of the source object, {stem} the part before the
suffix. Nothing is deployed, and no other file of the checkout changes.
Needs nothing of AWS.`;

type Options = Omit<NewOptions, 'name' | 'jobCpus' | 'jobMemoryMiB'> & {
  readonly cpus?: number;
  readonly memory?: number;
  readonly json?: boolean;
};

/** `spillway new` */
export function newCommand(session: Session): Command {
  return new Command('new')
    .summary('a folder for a program of your own, ready to run')
    .description('Makes a workload: a program that runs once for each source object.')
    .argument('<NAME>', 'name of the workload, and of its folder below application-code/')
    .requiredOption('--command <PROGRAM>', 'the program, and arguments behind it')
    .option('--outputs <NAME...>', 'file names that it writes, or `any` (default: {name})')
    .option('--suffix <SUFFIX>', 'ending of the keys that it takes, such as .wav (default: all)')
    .option('--cpus <N>', 'CPUs that one job takes', decimalNumber(0.1, 16))
    .option('--memory <MIB>', 'MiB of memory that one job takes', wholeNumber(16, 122_880))
    .option('--sample <FILE>', 'a file to try it with, here and before each deploy')
    .option('--json', 'print one JSON document and nothing else')
    .helpOption('-h, --help', 'this text')
    .allowExcessArguments(false)
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, { cpus, memory, json, ...options }: Options) => {
      const sizes = {
        ...(cpus !== undefined && { jobCpus: cpus }),
        ...(memory !== undefined && { jobMemoryMiB: memory }),
      };
      const made = await newWorkload({ name, ...options, ...sizes }, session.newPlaces());
      for (const remark of made.remarks) session.warn(remark);
      session.print(json ? JSON.stringify(made, undefined, 2) : inWords(made));
    });
}

function inWords(made: MadeWorkload): string {
  const { name, argv, outputs, files } = made;
  const names = outputs === 'any' ? 'whatever it likes' : outputs.join(', ');
  return [
    `Made application-code/${name}: ${files.join(', ')}.`,
    `\`${argv.join(' ')}\` reads $JOB_INPUT and writes ${names} into $JOB_OUTPUT.`,
    '',
    `Try it:     npm start -- --workload ${name}`,
    'Deploy it:  write into `pipelines` of an environment in blueprint.config.ts, and push:',
    ...pipelineLines(made).map((line) => `            ${line}`),
    'docs/your-own-job.md has the contract of a program.',
  ].join('\n');
}
