import type { Answer } from '../../../local/fargate/answer';
import { readOutcome, takeMessages } from '../../emulator/outcome';
import type { Call } from '../call';
import { passOn } from '../exchange';
import { History } from '../history';
import { handleWith } from '../request-fault';
import { comeToRest } from '../rest';
import { scalerRun } from '../scaler-runs';
import { Uploads } from '../uploads';
import { type Violation, violationsOf } from '../verdict';
import { openWorld, type World } from '../world';
import { hasDied, playViolations } from './judge';
import type { Story } from './stories';

/** An effect of a job on AWS: the n-th request of its operation that was passed on. */
export interface Effect {
  readonly operation: string;
  /** From 1. */
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

const SETTINGS = {
  maxTasks: 1,
  jobsPerTask: 10,
  jobConcurrency: 1,
  spotNoticeSeconds: 3,
  memoryMiB: 2048,
};

/** Plays a story with real workers, of which one is killed at one point, if any. */
export async function runStory(
  endpoint: string,
  story: Story,
  death?: Death,
): Promise<StoryReport> {
  const teller = new Teller(story, death);
  const world = await openWorld(
    endpoint,
    { ...SETTINGS, maxAttempts: story.maxAttempts },
    {
      worker: handleWith(teller, teller),
      scaler: passOn,
    },
    teller.history,
  );
  try {
    // S3's own test event would be a job before the story.
    await takeMessages(world.clients, world.pipeline.queueUrl);
    const uploads = new Uploads(world.clients, world.pipeline, [story.object], teller.history);
    teller.begin(world, uploads);
    await uploads.upload();
    const rest = await comeToRest({
      world,
      minute: (now) => scalerRun(world.pipeline, teller.history, now),
      hasMore: () => uploads.makeChangesLeft(),
    });
    const outcome = await readOutcome(world.clients, world.pipeline);
    const expected = uploads.expected();
    const limits = { maxAttempts: story.maxAttempts, unattributed: 0 };
    const { effects, victim, history } = teller;
    const happenings = history.all;
    const letters = outcome.deadLetters.map(({ code }) => code).sort();
    const renditions =
      outcome.renditions.size === world.pipeline.outputs.length ? ['renditions'] : [];
    const ends = [...renditions, ...letters].join(', ') || 'nothing';
    const violations = [
      ...rest,
      ...(await violationsOf(expected, outcome, limits)),
      ...playViolations(story, { ends, victim, happenings, defects: world.defects() }),
    ];
    return { effects, died: hasDied({ victim, happenings }), ends, violations, history };
  } finally {
    await world.close();
  }
}

/** Follows a story request by request, and lets it happen. */
class Teller {
  readonly history = new History();
  readonly effects: Effect[] = [];
  /** Id of the task that was to die. */
  victim: string | undefined;
  private world: World | undefined;
  private uploads: Uploads | undefined;
  private readonly calls = new Map<string, number>();
  private readonly numbers = new WeakMap<Call, number>();

  constructor(
    private readonly story: Story,
    private readonly death: Death | undefined,
  ) {}

  begin(world: World, uploads: Uploads): void {
    this.world = world;
    this.uploads = uploads;
  }

  readonly choose = (call: Call) => {
    const counter = `${call.operation} of ${call.key}`;
    const nth = (this.calls.get(counter) ?? 0) + 1;
    this.calls.set(counter, nth);
    return this.story.script?.(call, nth);
  };

  async before(call: Call): Promise<boolean> {
    const nth = this.effects.filter(({ operation }) => operation === call.operation).length + 1;
    this.effects.push({ operation: call.operation, nth });
    this.numbers.set(call, nth);
    await this.uploads?.passes(call, 'before');
    return !this.diesAt(call, 'before');
  }

  async after(call: Call, { status }: Answer): Promise<void> {
    const text = `${call.operation} ${status}`;
    this.history.add({ what: 'call', who: call.who, text, keys: call.key ? [call.key] : [] });
    await this.uploads?.passes(call, 'after');
    const isDrain =
      call.operation === 'GetObject' && this.numbers.get(call) === this.story.drainAtGet;
    if (isDrain) this.signal(call, 'SIGTERM');
    this.diesAt(call, 'after');
  }

  private diesAt(call: Call, moment: Death['moment']): boolean {
    const { death } = this;
    const isHere =
      death?.moment === moment &&
      death.operation === call.operation &&
      death.nth === this.numbers.get(call);
    if (!isHere) return false;
    this.victim = call.who;
    this.signal(call, 'SIGKILL');
    return true;
  }

  private signal({ who, operation }: Call, signal: NodeJS.Signals): void {
    this.history.add({ what: 'fault', who, text: `${signal} at ${operation}`, keys: [] });
    const task = this.world?.runner.tasks().find(({ taskArn }) => taskArn.endsWith(`/${who}`));
    if (task) this.world?.runner.killTask(task.taskArn, signal);
  }
}
