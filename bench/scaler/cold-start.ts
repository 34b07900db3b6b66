import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { VariableName } from '../../lambda/scaler/environment';
import { FakeAws } from '../../test/fakes/aws-server';
import { accountOf } from './account';
import { median } from './median';
import { settings } from './subjects';

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
    const env = { ...process.env, ...variablesOf(aws.endpoint) };
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

function variablesOf(endpoint: string): Record<VariableName | `AWS_${string}`, string> {
  return {
    PIPELINE: settings.pipeline,
    ENVIRONMENT: settings.environment,
    PARAMETER_PATH: settings.parameterPath,
    QUEUE_URL: `${endpoint}/123456789012/work`,
    CLUSTER: settings.cluster,
    TASK_FAMILY: settings.taskFamily,
    CONTAINER_NAME: settings.containerName,
    SUBNETS: settings.subnets.join(','),
    SECURITY_GROUPS: settings.securityGroups.join(','),
    ASSIGN_PUBLIC_IP: settings.assignPublicIp,
    ENABLED: 'true',
    MAX_TASKS: String(MAX_TASKS),
    JOBS_PER_TASK: '10',
    ON_DEMAND_BASE: '2',
    ON_DEMAND_WEIGHT: '1',
    SPOT_WEIGHT: '4',
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
