import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FakeAws, type FakeAwsOptions } from '../../test/fakes/aws-server';
import { median } from '../median';
import { accountOf } from './account';
import { timeColdStart } from './cold-start';
import { portsOn, timeDecide, timeRun } from './subjects';

/** As many tasks as a large pipeline lists; the run launches the twenty that its maximum leaves. */
const SIZE = { active: 500, stopped: 500 };
const ROUND_TRIP_MILLISECONDS = 10;
const RUNS = 21;
const DECISIONS = 2_000;

/**
 * Times one decision, a whole run of the scaler against a fake of AWS, and the cold start of its
 * bundle. The run stands beside the same run whose calls are answered one after the other.
 */
async function main(): Promise<void> {
  const together = await timeRuns({ latencyMilliseconds: ROUND_TRIP_MILLISECONDS });
  const inTurn = await timeRuns({ latencyMilliseconds: ROUND_TRIP_MILLISECONDS, oneAtATime: true });
  const decision = timeDecide(SIZE.active, SIZE.stopped, DECISIONS);
  const rows: [string, string][] = [
    [
      `decide, with ${SIZE.active} tasks running and ${SIZE.stopped} stopped`,
      `${decision.toFixed(0)} µs`,
    ],
    [
      `a whole run of ${together.calls} calls, ${ROUND_TRIP_MILLISECONDS} ms each`,
      `${together.run.toFixed(0)} ms`,
    ],
    ['the same with its calls answered one after the other', `${inTurn.run.toFixed(0)} ms`],
    ['ratio: whole run to calls one after the other', (together.run / inTurn.run).toFixed(2)],
    ['ratio: decide to whole run', (decision / 1000 / together.run).toFixed(5)],
    ...(await coldStartRows()),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, figure] of rows) console.log(`${name.padEnd(width)}  ${figure.padStart(9)}`);
}

/** The median of the runs after a first one, which opens the connections. */
async function timeRuns(pace: FakeAwsOptions): Promise<{ run: number; calls: number }> {
  const aws = await FakeAws.start(accountOf(SIZE), pace);
  try {
    const ports = portsOn(aws.endpoint);
    await timeRun(ports);
    const before = aws.calls.length;
    const runs: number[] = [];
    for (let run = 0; run < RUNS; run++) runs.push(await timeRun(ports));
    return { run: median(runs), calls: (aws.calls.length - before) / RUNS };
  } finally {
    await aws.stop();
  }
}

async function coldStartRows(): Promise<[string, string][]> {
  const bundle = join(__dirname, '../../lambda/scaler/dist/index.js');
  if (!existsSync(bundle)) return [['a cold start', 'not built: run `npm run build`']];
  const { load, firstCall, loadAndFirstCall, plainNode } = await timeColdStart(bundle);
  return [
    ['cold start: load of the bundle in a new process', `${load.toFixed(0)} ms`],
    ['cold start: first call, with 20 tasks running and 20 stopped', `${firstCall.toFixed(0)} ms`],
    ['cold start: load and first call', `${loadAndFirstCall.toFixed(0)} ms`],
    ['a process of Node that does nothing', `${plainNode.toFixed(0)} ms`],
    ['ratio: load and first call to plain Node', (loadAndFirstCall / plainNode).toFixed(2)],
  ];
}

void main();
