import { type Command, InvalidArgumentError } from 'commander';
import { answerOf } from '../../simulator/answer';
import { missedGoal } from '../../simulator/drain-goal';
import type { Scenario } from '../../simulator/scenario';
import { simulate } from '../../simulator/simulate';
import { ASSUMPTIONS } from '../simulate/assumptions';
import { addChartOptions, type ChartFiles, writeCharts } from '../simulate/chart-files';
import type { ChartedRun } from '../simulate/charts';
import { listNumbers, readNumbers } from '../simulate/named-numbers';
import { PRICE_LIST } from '../simulate/price-list';
import { readCalibration } from '../simulate/read-calibration';
import { scenariosOf } from '../simulate/scenarios';
import { readSettings } from '../simulate/settings-sets';
import { chooseEnvironment, choosePipeline } from '../target/choose-pipeline';
import { openTarget, type PipelineOptions, pipelineCommand } from '../target/target';
import { RefusalError } from '../terminal/failures';
import { wholeNumber } from '../terminal/option-values';
import type { Session } from '../terminal/session';

const MOST_OBJECTS = 1e9;
const MOST_SEED = 999_999_999;

const EXAMPLES = `
Examples:
  npx spillway simulate -e dev --objects 1e6
  npx spillway simulate -e dev --objects 50000 --arrive diurnal --set scaling.minutes=10
  npx spillway simulate -e dev --objects 1e6 --compare configured steps drain-within maxTasks=100
  npx spillway simulate -e dev --arrive uploads.csv --json | jq .bill.dollars
  npx spillway simulate -e dev --objects 1e5 --assume startSeconds=60 --assume jobSeconds=2
  npx spillway simulate -e dev --objects 1e5 --price vcpuHour=0.037 --price gbHour=0.0041
  npx spillway simulate -e prod --calibrate --objects 1e6 --set maxTasks=200

--arrive FILE.csv has the columns time (seconds, or such as 2026-03-01T12:00:00Z) and count; the
objects of a row arrive until the time of the next one.
--compare takes policies (configured, jobs-per-task, steps, drain-within, per-object) and settings
such as maxTasks=50, several of them joined by +.

Assumptions:
${listNumbers(ASSUMPTIONS)}

Prices in US dollars, by default those of us-east-1, so that other regions differ by some per cent:
${listNumbers(PRICE_LIST)}

--calibrate measures, over the last seven days, the time of jobs and how many a task does at a time,
and over the last hour start-up and interruptions of tasks. What it cannot measure it assumes, and
says so.

Exit code 1: a limit, which the error names, keeps drain-within from its minutes. --compare answers
all the same.

It runs the scaler itself against a model of SQS, ECS, Spot and workers. Nothing is deployed.
Needs nothing of AWS; with --calibrate cloudwatch:GetMetricData, ecs:ListTasks, ecs:DescribeTasks
and lambda:GetFunctionConfiguration.`;

interface SimulateOptions extends PipelineOptions, ChartFiles {
  readonly objects?: number;
  readonly arrive: string;
  readonly set: readonly string[];
  readonly compare: readonly string[];
  readonly assume: readonly string[];
  readonly price: readonly string[];
  readonly calibrate?: boolean;
  readonly seed: number;
}

const collect = (word: string, words: readonly string[]) => [...words, word];

/** `spillway simulate` */
export function simulateCommand(session: Session): Command {
  const command = pipelineCommand('simulate', {
    summary: 'how long a backlog takes, with how many tasks, and what it costs',
    description: 'Answers how long, how many tasks and how much before anything is deployed.',
  });
  return addChartOptions(command)
    .option('--objects <N>', 'objects that arrive, such as 1e6', objectCount)
    .option('--arrive <PATTERN>', 'burst, 200/s (or /min, /h, /d), diurnal, or FILE.csv', 'burst')
    .option('--set <SETTING=VALUE>', 'try a setting of the pipeline; may be repeated', collect, [])
    .option('--compare <POLICY...>', 'simulate several policies or settings side by side', [])
    .option('--assume <NAME=NUMBER>', 'a figure that is none of yours to set', collect, [])
    .option('--price <NAME=NUMBER>', 'a price of your own', collect, [])
    .option('--calibrate', 'take the figures from what the deployed pipeline has done lately')
    .option('--seed <N>', 'the same seed has the same answer', wholeNumber(0, MOST_SEED), 1)
    .addHelpText('after', EXAMPLES)
    .action(async (options: SimulateOptions) => {
      const { objects, arrive, compare, seed } = options;
      const environment = chooseEnvironment(session.environments(), options.environment);
      const { pipeline } = choosePipeline([environment], {
        ...options,
        environment: environment.name,
      });
      const calibration = options.calibrate
        ? await readCalibration(
            await openTarget(session, { environment: environment.name, pipeline }),
            session.now(),
          )
        : undefined;
      const { scenarios, remarks: rests } = scenariosOf({
        environment,
        pipeline,
        ...(calibration && { calibration }),
        arrive,
        compare,
        seed,
        ...(objects !== undefined && { objects }),
        set: readSettings(options.set, '--set'),
        assumed: readNumbers('--assume', ASSUMPTIONS, options.assume),
        prices: readNumbers('--price', PRICE_LIST, options.price),
      });
      const runs: ChartedRun[] = [];
      for (const scenario of scenarios) {
        const outcome = await simulate(scenario);
        runs.push({ outcome, answer: answerOf(outcome) });
      }
      const remarks = [...rests, vcpusOf(runs, scenarios)];
      if (options.json)
        session.print(
          JSON.stringify(
            { ...asJson(runs, remarks), ...(calibration && { calibration }) },
            undefined,
            2,
          ),
        );
      else print(runs, remarks, session);
      const arrived = runs[0]?.outcome.objects.arrived.toLocaleString('en-US');
      const title = `${environment.name}/${pipeline}: ${arrived} objects, ${arrive}`;
      await writeCharts(runs, { title, remarks }, options);
      // A comparison asks what each would do, and not whether one does.
      if (compare.length === 0) checkGoals(runs, scenarios);
    });
}

/** @throws RefusalError that says which limit keeps a policy from the time that it has. */
function checkGoals(runs: readonly ChartedRun[], scenarios: readonly Scenario[]): void {
  for (const [index, scenario] of scenarios.entries()) {
    const run = runs[index];
    const missed = run && missedGoal(scenario, run.outcome);
    if (missed) throw new RefusalError(missed.sentence);
  }
}

/** What the account must allow: new accounts start with few. */
function vcpusOf(runs: readonly ChartedRun[], scenarios: readonly Scenario[]): string {
  const most = (provider: 'FARGATE' | 'FARGATE_SPOT') =>
    Math.max(
      ...runs.map(({ outcome }, index) => {
        const { cpuUnits = 0 } = scenarios[index]?.settings ?? {};
        return (outcome.tasks.mostByProvider[provider] * cpuUnits) / 1_024;
      }),
    );
  return (
    `The quotas of the account must allow ${most('FARGATE')} vCPUs on demand and ` +
    `${most('FARGATE_SPOT')} on Spot: \`npx spillway doctor\` looks at them.`
  );
}

function objectCount(text: string): number {
  const value = /^\d{1,10}(\.\d{1,9})?(e\d)?$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isInteger(value) && value >= 1 && value <= MOST_OBJECTS) return value;
  throw new InvalidArgumentError('It must be a whole number from 1 to 1e9, such as 250000 or 1e6.');
}

/** One run is a document of its own; several are a list. */
function asJson(runs: readonly ChartedRun[], remarks: readonly string[]) {
  const [first, ...more] = runs.map(({ outcome, answer }) => ({ answer, ...outcome }));
  return more.length === 0 ? { ...first, remarks } : { runs: [first, ...more], remarks };
}

function print(runs: readonly ChartedRun[], remarks: readonly string[], session: Session): void {
  for (const { outcome, answer } of runs) {
    session.print(runs.length === 1 ? answer : `${outcome.name}: ${answer}`);
    for (const { advice } of outcome.limits) session.print(`  ${advice}`);
  }
  session.print(session.paint('dim', remarks.join('\n')));
}
