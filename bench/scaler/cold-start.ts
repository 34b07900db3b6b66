import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { awsEnvironment } from '../../local/environment';
import { FakeAws } from '../../test/fakes/aws-server';
import { scalerVariables } from '../../test/fakes/environments';
import { median } from '../median';
import { accountOf } from './account';

const execute = promisify(execFile);

/** A young pipeline: one page of each list, and one batch to launch. */
const SIZE = { active: 20, stopped: 20 };
const MAX_TASKS = 30;
const PROCESSES = 9;

/** Medians in milliseconds; Lambda's own start of Node comes before them. */
export interface ColdStart {
  readonly load: number;
  readonly firstCall: number;
  readonly loadAndFirstCall: number;
  /** A process of Node that does nothing, from its start to its end. */
  readonly plainNode: number;
}

/** The first two things that a new process of the function does, written to standard error. */
const PROGRAM = `
  const begin = performance.now();
  const { handler } = require(process.argv[1]);
  const loaded = performance.now();
  handler().then(() => {
    const end = performance.now();
    process.stderr.write(JSON.stringify([loaded - begin, end - loaded, end - begin]));
    process.exit();
  });`;

/** Starts the bundled function in new processes; each makes one run against a fake of AWS. */
export async function timeColdStart(bundle: string): Promise<ColdStart> {
  const aws = await FakeAws.start(accountOf(SIZE));
  try {
    const { endpoint } = aws;
    const knobs = { MAX_TASKS: String(MAX_TASKS), JOBS_PER_TASK: '10' };
    const variables = { ...awsEnvironment(endpoint), ...scalerVariables(endpoint), ...knobs };
    const env = { ...process.env, ...variables };
    const starts: number[][] = [];
    const plain: number[] = [];
    for (let turn = 0; turn < PROCESSES; turn++) {
      const begin = performance.now();
      await execute(process.execPath, ['-e', '0']);
      plain.push(performance.now() - begin);
      const { stderr } = await execute(process.execPath, ['-e', PROGRAM, bundle], { env });
      starts.push(JSON.parse(stderr) as number[]);
    }
    const column = (at: number) => median(starts.map((times) => times[at] ?? Number.NaN));
    return {
      load: column(0),
      firstCall: column(1),
      loadAndFirstCall: column(2),
      plainNode: median(plain),
    };
  } finally {
    await aws.stop();
  }
}
