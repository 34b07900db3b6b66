import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandRecipe } from '../../../application-code/command/command-recipe';
import type { CommandDefinition } from '../../../application-code/command/definition';
import { inheritedVariables } from '../../../application-code/command/environment';
import { JobRunner, type JobRunnerOptions } from '../../../application-code/command/run/job-runner';
import { readProcessTable } from '../../../application-code/command/run/process-table';
import { type Room, roomAt } from '../../../application-code/command/run/scratch-disk';
import { Watch } from '../../../application-code/command/run/watch';
import { type Clock, systemClock } from '../../../application-code/worker/src/clock';
import { Fault } from '../../../application-code/worker/src/faults';
import { sampleContext } from '../../../application-code/worker/src/workload/sample-context';
import type { Output, Source } from '../../../application-code/worker/src/workload/workload';

/** Twenty times as fast as the real one, for what is looked at each second. */
const swiftClock: Clock = {
  now: systemClock.now,
  after: (milliseconds, callback) => systemClock.after(milliseconds / 20, callback),
};

/** What a task of this test has, instead of the machine's own. */
export interface TaskUnderTest {
  /** Its disk; default: the machine's temporary folder, with plenty of room. */
  readonly disk?: string;
  readonly room?: () => Room;
  readonly countOomKills?: () => number;
  readonly diskMiB?: number;
}

/** One job, and who listens to it. */
export interface JobOptions {
  readonly key?: string;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
  readonly toFile?: (path: string) => Promise<void>;
  readonly onLog?: (line: string) => void;
  readonly onProgress?: (fraction: number, text: string) => void;
  readonly attempt?: number;
}

/** How a job ended: with its outputs, or what it threw. */
export interface JobEnding {
  /** Text of each output, by its name. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, string>>;
  readonly given: readonly Output[];
  readonly error?: Error;
  /** Code of its fault, or the name of another error. */
  readonly code?: string;
  readonly lines: readonly string[];
}

export const PLENTY: Room = { freeBytes: 2 ** 40, freeFiles: 2 ** 20 };

/** A worker's programs, in a scratch folder of their own. */
export class ProgramsUnderTest {
  private constructor(
    readonly scratch: string,
    private readonly watch: Watch,
    private readonly task: TaskUnderTest,
  ) {}

  static async create(task: TaskUnderTest = {}): Promise<ProgramsUnderTest> {
    const { disk = tmpdir(), room = task.disk ? () => roomAt(disk) : () => PLENTY } = task;
    const scratch = await realpath(await mkdtemp(join(disk, 'spillway-command-')));
    const watch = new Watch({ scratch, clock: swiftClock, roomAt: () => room() });
    return new ProgramsUnderTest(scratch, watch, task);
  }

  /** A shell script as the program. */
  sh(script: string, options: JobOptions & Partial<CommandDefinition> = {}): Promise<JobEnding> {
    return this.run({ ...options, argv: ['sh', '-c', script] });
  }

  /** JavaScript as the program. */
  node(script: string, options: JobOptions & Partial<CommandDefinition> = {}): Promise<JobEnding> {
    return this.run({ ...options, argv: [process.execPath, '-e', script] });
  }

  async run(
    options: JobOptions & CommandDefinition,
    more: Partial<JobRunnerOptions> = {},
  ): Promise<JobEnding> {
    const { key, body, signal, toFile, onLog, onProgress, attempt, ...given } = options;
    const { definition, patterns } = commandRecipe({ outputs: 'any', ...given });
    const runner = new JobRunner({
      ...{ definition, patterns, argv: given.argv, scratch: this.scratch, watch: this.watch },
      ...{ recipe: {}, cacheControl: '', clock: swiftClock, diskMiB: this.task.diskMiB ?? 1_024 },
      countOomKills: this.task.countOomKills ?? (() => 0),
      inherited: inheritedVariables({ PATH: process.env.PATH }),
      ...more,
    });
    const lines: string[] = [];
    const context = {
      ...sampleContext(signal),
      ...{ id: 'message-1', maxAttempts: 8, attempt: attempt ?? 1 },
      log: (line: string) => {
        lines.push(line);
        onLog?.(line);
      },
      progress: onProgress ?? (() => undefined),
    };
    const source = sourceUnderTest(options);
    try {
      const { outputs, release } = await runner.process(source, context);
      const ending = { ...readOutputs(outputs), given: outputs, lines };
      await release?.();
      return ending;
    } catch (thrown) {
      const error = thrown as Error;
      const code = error instanceof Fault ? error.code : error.constructor.name;
      return { outputs: {}, types: {}, given: [], error, code, lines };
    }
  }

  /** What jobs have left in the scratch folder. */
  left(): Promise<readonly string[]> {
    return readdir(this.scratch);
  }

  /** Names of the processes of this scratch folder that still run. */
  running(): readonly string[] {
    return readProcessTable()
      .filter(
        ({ environment, workingFolder }) =>
          environment.includes(`=${this.scratch}/`) || workingFolder.startsWith(this.scratch),
      )
      .map(({ name }) => name);
  }

  remove(): Promise<void> {
    return rm(this.scratch, { recursive: true, force: true });
  }
}

/** A source object of a few bytes. */
export function sourceUnderTest(options: JobOptions = {}): Source {
  const { key = 'in/a.txt', body = 'hello', toFile } = options;
  const bytes = Buffer.from(body);
  const unused = () => Promise.reject(new Error('A program reads a file.'));
  return {
    ...{ key, bucket: 'photos', bytes: bytes.length, etag: '"e1"', contentType: 'text/plain' },
    ...{ read: unused, stream: unused },
    toFile: toFile ?? ((path) => writeFile(path, bytes, { flag: 'wx' })),
  };
}

function readOutputs(outputs: readonly Output[]) {
  const textOf = ({ body }: Output) =>
    Buffer.isBuffer(body) ? body.toString() : readFileSync(body.file, 'utf8');
  return {
    outputs: Object.fromEntries(outputs.map((output) => [output.name, textOf(output)])),
    types: Object.fromEntries(outputs.map(({ name, contentType }) => [name, contentType])),
  };
}

/** Resolves when a file is there, which a program makes to say that it has begun. */
export async function isThere(path: string): Promise<void> {
  for (let look = 0; !existsSync(path); look += 1) {
    if (look === 2_000) throw new Error(`The program has not made ${path}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
