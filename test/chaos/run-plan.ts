import type { AwsResponse } from '../../local/ecs/aws-http';
import { readOutcome } from '../emulator/outcome';
import type { Call } from './call';
import { type ChaosPipeline, comeToRest, openChaosPipeline } from './chaos-pipeline';
import { type FinishedDataset, finishedDataset } from './dataset/finished-dataset';
import {
  explainedUnattributed,
  isGivenUp,
  isUnpromised,
  largestFleet,
  unexplained,
} from './explained';
import { byInjector, handleWith, type Moments, NO_MOMENTS } from './fault-proxy';
import { S3_FAULTS } from './faults/s3-faults';
import { scalerFaults } from './faults/scaler-faults';
import { SQS_FAULTS } from './faults/sqs-faults';
import { History } from './history';
import { Injector } from './injector';
import { makeObject } from './objects';
import type { Plan } from './plan';
import { type ChaosProgram, rejected } from './program/program';
import { Reaper } from './reaper';
import { scalerRuns } from './scaler-runs';
import { Uploads } from './uploads';
import { type Violation, violationsOf } from './verdict';

/** How a run ended. */
export interface RunReport {
  readonly plan: Plan;
  readonly violations: readonly Violation[];
  /** Objects that met what is not promised. */
  readonly unpromised: readonly Violation[];
  /** Dead letters that are no fault of their object's own. */
  readonly givenUp: number;
  readonly history: History;
  readonly seconds: number;
}

/** Runs one plan on an emulator until everything is at rest, and checks every promise. */
export async function runPlan(
  endpoint: string,
  plan: Plan,
  program?: ChaosProgram,
): Promise<RunReport> {
  const began = Date.now();
  const run = new PlanRun(plan, program);
  const violations = await run.run(endpoint);
  const { history, unpromised, givenUp } = run;
  return { plan, violations, unpromised, givenUp, history, seconds: (Date.now() - began) / 1000 };
}

class PlanRun {
  readonly history = new History();
  unpromised: readonly Violation[] = [];
  givenUp = 0;
  private readonly injector: Injector;
  private chaos: ChaosPipeline | undefined;
  private uploads: Uploads | undefined;
  private reaper: Reaper | undefined;
  /** Most tasks at once. */
  private fleet = 0;

  constructor(
    private readonly plan: Plan,
    private readonly program: ChaosProgram | undefined,
  ) {
    this.injector = new Injector(plan, this.history);
  }

  async run(endpoint: string): Promise<Violation[]> {
    const { seed, objects: numbers } = this.plan;
    const { program } = this;
    const objects = await Promise.all(
      numbers.map((number) => makeObject(seed, number, program && rejected)),
    );
    const settings = { ...this.plan, ...(program && { program, hasDisk: true }) };
    const chaos = await openChaosPipeline(endpoint, settings, this.handlers(), this.history);
    const uploads = new Uploads(chaos.clients, chaos.pipeline, objects, this.history);
    const reaper = new Reaper(chaos.runner, this.injector);
    this.chaos = chaos;
    this.uploads = uploads;
    this.reaper = reaper;
    try {
      await uploads.upload();
      const broken = await comeToRest(chaos, {
        minute: (now) => scalerRuns(chaos.pipeline, this.injector, this.history, now),
        hasMore: () => uploads.makeChangesLeft(),
      });
      return [...broken, ...(await this.broken(chaos, uploads))];
    } finally {
      reaper.end();
      await chaos.close();
    }
  }

  private handlers() {
    const worker: Moments = {
      before: async (call) => {
        await this.uploads?.passes(call, 'before');
        return this.reaper?.before(call) ?? true;
      },
      after: async (call, answer) => {
        this.record(call, answer);
        await this.uploads?.passes(call, 'after');
        this.reaper?.after(call);
      },
    };
    const scaler: Moments = {
      ...NO_MOMENTS,
      after: async () => {
        this.fleet = Math.max(this.fleet, this.chaos?.liveTasks() ?? 0);
      },
    };
    return {
      worker: handleWith(byInjector([...S3_FAULTS, ...SQS_FAULTS], this.injector), worker),
      scaler: handleWith(byInjector(scalerFaults(), this.injector), scaler),
    };
  }

  private record({ operation, who, key }: Call, { status }: AwsResponse): void {
    this.history.add({ what: 'call', who, text: `${operation} ${status}`, keys: key ? [key] : [] });
  }

  private async broken(chaos: ChaosPipeline, uploads: Uploads): Promise<Violation[]> {
    const { maxAttempts } = this.plan;
    const unattributed = explainedUnattributed(this.plan, this.history.faults());
    const { isDataset } = this.plan;
    const dataset = isDataset && (await finishedDataset(chaos.clients, chaos.pipeline));
    const written = await readOutcome(chaos.clients, chaos.pipeline);
    const outcome = dataset ? { ...written, renditions: dataset.outputs } : written;
    const left = await chaos.program.leftBehind();
    const peaks = await chaos.program.peaksMiB();
    const expected = uploads.expected();
    const found = await violationsOf(expected, outcome, { maxAttempts, unattributed });
    this.givenUp = outcome.deadLetters.filter(isGivenUp).length;
    this.unpromised = found.filter((violation) => isUnpromised(violation, expected, this.history));
    return [
      ...found.filter((violation) => !this.unpromised.includes(violation)),
      ...unexplained(outcome.deadLetters, expected, this.history, maxAttempts),
      ...this.tooManyTasks(),
      ...left.map((file) => ({ text: `a worker left ${file} behind`, keys: [] })),
      ...this.tooLarge(peaks),
      ...(dataset ? problemsOf(dataset) : []),
      ...chaos.defects().map((text) => ({ text: `the test failed itself: ${text}`, keys: [] })),
    ];
  }

  private tooLarge(peaksMiB: readonly number[]): Violation[] {
    const { memoryMiB } = this.plan;
    const largest = Math.max(0, ...peaksMiB);
    if (largest <= memoryMiB) return [];
    return [{ text: `a task of ${memoryMiB} MiB took ${largest.toFixed(0)} MiB`, keys: [] }];
  }

  private tooManyTasks(): Violation[] {
    const { maxTasks, launchMode } = this.plan;
    const largest = largestFleet({ maxTasks, launchMode }, this.history.faults());
    if (this.fleet <= largest) return [];
    const text =
      `${this.fleet} tasks ran at once, ` +
      `where ${maxTasks} are allowed and the faults explain ${largest}`;
    return [{ text, keys: [] }];
  }
}

function problemsOf({ problems }: FinishedDataset): Violation[] {
  return problems.map((text) => ({ text: `in the dataset, ${text}`, keys: [] }));
}
