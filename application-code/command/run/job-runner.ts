import { posix } from 'node:path';
import type { Clock } from '../../worker/src/clock';
import { Interruption, OwnFault, PermanentFault, TransientFault } from '../../worker/src/faults';
import type {
  JobContext,
  Output,
  ProcessedSource,
  Processor,
  Source,
} from '../../worker/src/workload/workload';
import { DEFAULTS, type JobDefinition, type JsonObject, MIB } from '../definition';
import { programVariables } from '../environment';
import { type OutputPattern, suffixOf } from '../output-pattern';
import { collectedFiles } from './collected-files';
import { faultOf } from './ending';
import { JobFolder } from './job-folder';
import { declaredOutputs, everyOutput } from './job-outputs';
import { LogBudget } from './log-budget';
import { oomKills } from './oom';
import { Program, type ProgramEnd } from './program';
import { ProgressFile } from './progress-file';
import type { Watch } from './watch';
import { WatchedJob } from './watched-job';

/** What all jobs of a worker share. */
export interface JobRunnerOptions {
  /** The program and its arguments, as they are started. */
  readonly argv: readonly string[];
  readonly definition: JobDefinition;
  /** None when the outputs are `'any'`. */
  readonly patterns: readonly OutputPattern[];
  readonly recipe: JsonObject;
  /** Empty: none. */
  readonly cacheControl: string;
  /** Variables of every program. */
  readonly inherited: Readonly<Record<string, string>>;
  /** Folder of the scratch volume. */
  readonly scratch: string;
  /** MiB that the folder of one job may take. */
  readonly diskMiB: number;
  readonly watch: Watch;
  readonly clock: Clock;
  readonly countOomKills?: () => number;
}

/** Does each job by a program that runs in a folder of its own. */
export class JobRunner implements Processor {
  constructor(private readonly options: JobRunnerOptions) {}

  async process(source: Source, context: JobContext): Promise<ProcessedSource> {
    const { definition, scratch, diskMiB, watch } = this.options;
    const base = posix.basename(source.key);
    const suffix = suffixOf(base, definition.suffixes ?? []);
    if (source.bytes > diskMiB * MIB) throw sourceTooLarge(source.bytes, diskMiB);
    const folder = await watch.prepare(() => JobFolder.create(scratch, base, suffix));
    const release = () => this.remove(folder, context);
    try {
      return { ...(await new Job(source, context, folder, this.options).run()), release };
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** What cannot be removed costs the job nothing: it is done. */
  private async remove(folder: JobFolder, { log }: JobContext): Promise<void> {
    await folder
      .remove()
      .catch((error: unknown) => log(`The job's folder cannot be removed: ${String(error)}.`));
  }
}

/** One run of the program. */
class Job {
  private readonly budget = new LogBudget();

  constructor(
    private readonly source: Source,
    private readonly context: JobContext,
    private readonly folder: JobFolder,
    private readonly options: JobRunnerOptions,
  ) {}

  async run(): Promise<ProcessedSource> {
    const { clock } = this.options;
    const begunAt = clock.now();
    await this.copyInput();
    const readAt = clock.now();
    const { peakMemoryMiB } = await this.runProgram();
    const outputs = await this.collect();
    const render = clock.now() - readAt;
    return {
      outputs: outputs.map((output) => this.withHeaders(output)),
      milliseconds: { wait: 0, read: readAt - begunAt, render },
      ...(peakMemoryMiB > 0 && { figures: { peakMemoryMiB } }),
    };
  }

  private async copyInput(): Promise<void> {
    const { watch } = this.options;
    // It writes nothing but an input that its share of the disk has room for.
    await watch.prepare(() => this.source.toFile(this.folder.input));
    this.context.signal.throwIfAborted();
  }

  private async runProgram(): Promise<WatchedJob> {
    const { watch, countOomKills = oomKills } = this.options;
    const { signal } = this.context;
    const oomKillsBefore = countOomKills();
    const program = await this.start();
    const job = this.watched(program);
    const stop = () => program.stop();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    watch.add(job);
    try {
      const end = await program.end();
      if (signal.aborted) throw timedOut(signal.reason);
      await this.refuse(end, job, countOomKills() > oomKillsBefore);
      return job;
    } finally {
      signal.removeEventListener('abort', stop);
      watch.remove(job);
      job.finish();
    }
  }

  private async start(): Promise<Program> {
    const { argv, inherited, recipe, definition, clock } = this.options;
    const { jobCpus: cpus = DEFAULTS.jobCpus, jobMemoryMiB = DEFAULTS.jobMemoryMiB } = definition;
    const { source, context, folder, budget } = this;
    const facts = { source, context, folder, recipe, cpus, memoryMiB: jobMemoryMiB };
    const environment = programVariables(inherited, facts);
    const log = (line: string) => context.log(line);
    try {
      return await Program.start(
        { argv, folder: folder.path, environment },
        { clock, budget, log },
      );
    } catch (error) {
      throw startFault(error);
    }
  }

  private watched(program: Program): WatchedJob {
    const { definition, diskMiB } = this.options;
    const { folder, budget, context } = this;
    const log = (line: string) => context.log(line);
    const tell = (fraction: number, text: string) => context.progress(fraction, text);
    return new WatchedJob({
      ...{ program, budget, diskMiB, log },
      folder: folder.path,
      memoryMiB: definition.jobMemoryMiB ?? DEFAULTS.jobMemoryMiB,
      progress: new ProgressFile(folder.progress, tell, log),
    });
  }

  /** Throws unless the program has done its job. */
  private async refuse(end: ProgramEnd, job: WatchedJob, isOom: boolean): Promise<void> {
    const { watch } = this.options;
    const isKilled = isOom && (end.signal === 'SIGKILL' || (end.exitCode ?? 0) > 0);
    const fault = job.excess ?? faultOf(end, isKilled);
    if (fault instanceof PermanentFault) throw fault;
    if (fault) await watch.look();
    const isDiskFull = watch.isDiskFull();
    if (isDiskFull) await watch.look();
    if (job.excess) throw job.excess;
    if (job.taken.has('disk'))
      throw new Interruption('Another job of the task had filled the disk.');
    if (fault && isKilled && job.taken.has('memory'))
      throw new Interruption(`Another job of the task took too much memory: ${fault.message}`);
    if (fault) throw fault;
    if (isDiskFull) throw diskFull();
  }

  private async collect(): Promise<readonly Output[]> {
    const { definition, patterns, diskMiB } = this.options;
    const { maxOutputFiles = DEFAULTS.maxOutputFiles, maxOutputMiB = diskMiB } = definition;
    const folder = this.folder.output;
    const files = await collectedFiles(folder, { maxOutputFiles, maxOutputMiB });
    if (definition.outputs === 'any') return everyOutput(files, folder);
    const base = posix.basename(this.source.key);
    const { inputName } = this.folder;
    const suffix = suffixOf(base, definition.suffixes ?? []);
    const names = { folder, base, inputName, suffix };
    const { outputs, others } = declaredOutputs(patterns, files, names);
    if (others.length > 0)
      this.context.log(
        `No output of the workload is called ${others.slice(0, 5).join(', ')}` +
          `${others.length > 5 ? ', …' : ''}: left out.`,
      );
    return outputs;
  }

  private withHeaders(output: Output): Output {
    const { cacheControl } = this.options;
    return cacheControl === '' ? output : { ...output, cacheControl };
  }
}

/** While a program runs nothing is asked of a bucket, so that its time-out is no outage. */
function timedOut(reason: unknown): unknown {
  return reason instanceof TransientFault
    ? new OwnFault(reason.code, reason.message, { cause: reason })
    : reason;
}

/** Too many processes or too little memory are never the job's own fault: it has not begun. */
function startFault(error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'EAGAIN' || code === 'ENOMEM'
    ? new Interruption(`The task has no room for another process: ${message}.`)
    : new TransientFault('JobFailed', `The program cannot be started: ${message}.`, {
        cause: error,
      });
}

function diskFull(): TransientFault {
  return new TransientFault(
    'JobFailed',
    'The disk of the task was full when the program ended, so that its outputs may be cut short; ' +
      'give the task more ephemeral storage.',
  );
}

function sourceTooLarge(bytes: number, diskMiB: number): PermanentFault {
  return new PermanentFault(
    'TooManyBytes',
    `The source object has ${bytes} bytes, but the folder of a job may take ${diskMiB} MiB; give ` +
      'the task more ephemeral storage, or set jobDiskMiB of the workload.',
  );
}
