import { type FSWatcher, watch } from 'node:fs';
import type { AwsResponse } from '../../../local/ecs/aws-http';
import { readOutcome, takeMessages } from '../../emulator/outcome';
import type { Call } from '../call';
import { type ChaosPipeline, comeToRest, openChaosPipeline } from '../chaos-pipeline';
import { handleWith, passOn } from '../fault-proxy';
import { type Happening, History } from '../history';
import { scalerRun } from '../scaler-runs';
import { Uploads } from '../uploads';
import { type Violation, violationsOf } from '../verdict';
import { RUN, type Story } from './stories';

/** An effect of a job on AWS: the n-th request of its operation that was passed on, from 1. */
export interface Effect {
  readonly operation: string;
  readonly nth: number;
}

/** Where a worker dies. */
export interface Death extends Effect {
  readonly moment: 'before' | 'after';
}

export interface StoryReport {
  /** Of all workers of the story, in order. */
  readonly effects: readonly Effect[];
  /** True when there was such an effect and its worker died of SIGKILL there. */
  readonly died: boolean;
  readonly ends: string;
  readonly violations: readonly Violation[];
  readonly history: History;
}

/** How one run of a story ended. */
export interface StoryRun {
  readonly ends: string;
  /** Id of the task that was to die; absent when none was. */
  readonly victim?: string | undefined;
  readonly happenings: readonly Happening[];
  /** Of the proxies. */
  readonly defects: readonly string[];
}

const SIGKILL = 137;
const SETTINGS = {
  maxTasks: 1,
  jobsPerTask: 10,
  jobConcurrency: 1,
  spotNoticeSeconds: 3,
  memoryMiB: 2048,
};

/** Whether the task that was to die has died of it. */
export function hasDied({ victim, happenings }: Pick<StoryRun, 'victim' | 'happenings'>): boolean {
  const isDeath = ({ what, who, exitCode }: Happening) =>
    what === 'task' && who === victim && exitCode === SIGKILL;
  return victim !== undefined && happenings.some(isDeath);
}

/** What is wrong with a run, beside what became of its objects. */
export function runViolations(
  story: Pick<Story, 'ends' | 'endsAfterDeath'>,
  run: StoryRun,
): Violation[] {
  const { ends, victim, defects } = run;
  const allowed = [...story.ends, ...(victim === undefined ? [] : (story.endsAfterDeath ?? []))];
  const isAllowed = allowed.includes(ends);
  const texts = [
    ...(isAllowed ? [] : [`it ends as ${ends}, where only ${allowed.join(' or ')} may be`]),
    ...(victim === undefined || hasDied(run) ? [] : [`${victim} was to die and did not`]),
    ...defects.map((defect) => `the test failed itself: ${defect}`),
  ];
  return texts.map((text) => ({ text, keys: [] }));
}

/** Runs a story with real workers, of which one is killed at one point, if any. */
export async function runStory(
  endpoint: string,
  story: Story,
  death?: Death,
): Promise<StoryReport> {
  const script = new Script(story, death);
  const { history } = script;
  const { maxAttempts, program } = story;
  const handlers = { worker: handleWith(script, script), scaler: passOn };
  const settings = { ...SETTINGS, maxAttempts, ...(program && { program }) };
  const chaos = await openChaosPipeline(endpoint, settings, handlers, history);
  const { pipeline, clients } = chaos;
  try {
    // S3's own test event would be a job before the story.
    await takeMessages(clients, pipeline.queueUrl);
    const uploads = new Uploads(clients, pipeline, [story.object], history);
    script.begin(chaos, uploads);
    await uploads.upload();
    const rest = await comeToRest(chaos, {
      minute: (now) => scalerRun(pipeline, history, now),
      hasMore: () => uploads.makeChangesLeft(),
    });
    const outcome = await readOutcome(clients, pipeline);
    const { effects, victim } = script;
    const letters = outcome.deadLetters.map(({ code }) => code).sort();
    const isWhole = outcome.renditions.size === uploads.expected()[0]?.renditions.length;
    const ends = [...(isWhole ? ['renditions'] : []), ...letters].join(', ') || 'nothing';
    const run = { ends, victim, happenings: history.all, defects: chaos.defects() };
    const limits = { maxAttempts, unattributed: 0 };
    const violations = [
      ...rest,
      ...(await violationsOf(uploads.expected(), outcome, limits)),
      ...runViolations(story, run),
    ];
    return { effects, died: hasDied(run), ends, violations, history };
  } finally {
    script.end();
    await chaos.close();
  }
}

/** Follows a story request by request, and lets it happen. */
class Script {
  readonly history = new History();
  readonly effects: Effect[] = [];
  /** Id of the task that was to die. */
  victim: string | undefined;
  private chaos: ChaosPipeline | undefined;
  private uploads: Uploads | undefined;
  private watcher: FSWatcher | undefined;
  private readonly marks = new Set<string>();
  private readonly calls = new Map<string, number>();
  private readonly numbers = new WeakMap<Call, number>();

  constructor(
    private readonly story: Story,
    private readonly death: Death | undefined,
  ) {}

  begin(chaos: ChaosPipeline, uploads: Uploads): void {
    this.chaos = chaos;
    this.uploads = uploads;
    const { marks } = this.story.program ?? {};
    if (marks) this.watcher = watch(marks, (_event, name) => this.programPasses(`${name}`));
  }

  end(): void {
    this.watcher?.close();
  }

  readonly choose = (call: Call) => {
    const counter = `${call.operation} of ${call.key}`;
    const nth = (this.calls.get(counter) ?? 0) + 1;
    this.calls.set(counter, nth);
    return this.story.script?.(call, nth);
  };

  async before(call: Call): Promise<boolean> {
    const { operation } = call;
    const nth = this.effects.filter((one) => one.operation === operation).length + 1;
    this.effects.push({ operation, nth });
    this.numbers.set(call, nth);
    await this.uploads?.passes(call, 'before');
    return !this.diesAt(call, 'before');
  }

  async after(call: Call, { status }: AwsResponse): Promise<void> {
    const { operation, who, key } = call;
    const text = `${operation} ${status}`;
    this.history.add({ what: 'call', who, text, keys: key ? [key] : [] });
    await this.uploads?.passes(call, 'after');
    const isDrain = operation === 'GetObject' && this.numbers.get(call) === this.story.drainAtGet;
    if (isDrain) this.signal(call, 'SIGTERM');
    this.diesAt(call, 'after');
  }

  /** A watch may report a file twice. */
  private programPasses(mark: string): void {
    const { runner, pipeline } = this.chaos ?? {};
    if (!runner || !mark.startsWith(`${pipeline?.sourceBucket}.`) || this.marks.has(mark)) return;
    this.marks.add(mark);
    const isStart = mark.endsWith('.start');
    const operation = RUN;
    const nth = this.effects.filter((one) => one.operation === operation).length;
    if (isStart) this.effects.push({ operation, nth: nth + 1 });
    const task = runner.tasks().find(({ lastStatus }) => lastStatus === 'RUNNING');
    const who = task?.taskArn.split('/').at(-1) ?? 'no task';
    this.dies(who, { operation, nth: isStart ? nth + 1 : nth }, isStart ? 'before' : 'after');
  }

  private diesAt(call: Call, moment: Death['moment']): boolean {
    const { operation, who } = call;
    return this.dies(who, { operation, nth: this.numbers.get(call) ?? 0 }, moment);
  }

  private dies(who: string, { operation, nth }: Effect, moment: Death['moment']): boolean {
    const { death } = this;
    const isHere = death?.moment === moment && death.operation === operation && death.nth === nth;
    if (!isHere) return false;
    this.victim = who;
    this.signal({ who, operation }, 'SIGKILL');
    return true;
  }

  private signal(
    { who, operation }: Pick<Call, 'who' | 'operation'>,
    signal: NodeJS.Signals,
  ): void {
    this.history.add({ what: 'fault', who, text: `${signal} at ${operation}`, keys: [] });
    const task = this.chaos?.runner.tasks().find(({ taskArn }) => taskArn.endsWith(`/${who}`));
    if (task) this.chaos?.runner.killTask(task.taskArn, signal);
  }
}
