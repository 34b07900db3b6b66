import { type Bill, billOf } from '../contract/bill';
import { pricesIn } from '../contract/prices';
import { WAKE_UP } from '../contract/wake-up';
import { Agenda } from './agenda';
import { ArrivalEvents } from './arrival-events';
import { Chance } from './chance';
import { Ecs } from './ecs/ecs';
import { LimitCount } from './ecs/limits';
import { Subnets } from './ecs/subnets';
import { MessageQueue } from './message-queue';
import type { Outcome } from './outcome';
import { type Reading, Samples } from './samples';
import { scalerOf } from './scaler';
import type { Scenario } from './scenario';
import { Tally } from './tally';
import { WakeUps } from './wake-ups';
import { LotSize } from './workers/lot-size';
import { Workers } from './workers/workers';
import { getsOf, putsOf } from './writes';

/** Up to as many objects each job is an event; more become lots, so that time and memory end. */
const EVENTS = 2_000_000;
/** Runs of the schedule within the same minute would have the same client tokens. */
const SECONDS_OF_TOKENS = 60;
/** A time that no machine's clock decides. */
const EPOCH = Date.UTC(2026, 0, 1);
const DAY = 86_400;
/**
 * Stopped tasks that tell the scaler of a large run enough: its brake counts five in a row, and it
 * takes the median of their start-up times.
 */
const TELLING_STOPS = 25;
/** Tasks of one job each act together where there are more than these. */
const LEAST_OF_FLEET = 50;

/**
 * Answers a scenario: the same one always in the same way.
 * @param events most jobs that are an event each; of more objects some become lots.
 */
export function simulate(scenario: Scenario, events = EVENTS): Promise<Outcome> {
  return new Simulation(scenario, events).run();
}

/** All parts of the model, and one run of them. */
export class Simulation {
  private readonly agenda = new Agenda();
  private readonly queue = new MessageQueue();
  private readonly tally: Tally;
  private readonly samples: Samples;
  private readonly limits = new LimitCount();
  private readonly workers: Workers;
  private readonly ecs: Ecs;
  private readonly arrivals: ArrivalEvents;
  private readonly scaler;
  private readonly wakeUps: WakeUps | undefined;
  private readonly most = { all: 0, FARGATE: 0, FARGATE_SPOT: 0 };
  private scalerRuns = 0;

  constructor(
    private readonly scenario: Scenario,
    events: number,
  ) {
    const { figures, settings, arrivals } = scenario;
    const objects = arrivals.reduce((sum, one) => sum + one.objects, 0);
    const arrivalSeconds = (arrivals.at(-1)?.to ?? 0) - (arrivals[0]?.from ?? 0);
    const { maxTasks } = settings;
    const lotSize = new LotSize({ objects, events, arrivalSeconds, maxTasks, figures });
    this.tally = new Tally(figures);
    // A reading looks at every lot.
    this.samples = new Samples(lotSize.isExact ? 1 : 10);
    const chance = new Chance(scenario.seed);
    const { agenda, queue, tally } = this;
    const subnets = new Subnets(figures.freeAddresses);
    const mostStopped = lotSize.isExact ? Number.POSITIVE_INFINITY : TELLING_STOPS;
    const tasksTogether = lotSize.isExact ? 1 : Math.ceil(maxTasks / LEAST_OF_FLEET);
    const timeOf = (seconds: number) => EPOCH + seconds * 1_000;
    this.workers = new Workers({ agenda, chance, queue, lotSize, tally, figures });
    const { workers } = this;
    this.ecs = new Ecs(
      { agenda, chance, figures, workers, subnets, mostStopped, tasksTogether, timeOf },
      { ...settings, vcpus: settings.cpuUnits / 1_024 },
    );
    this.arrivals = new ArrivalEvents(agenda, arrivals, {
      largestCohort: lotSize.largest,
      duplicates: figures.duplicates,
      onArrival: (cohort) => {
        tally.arrive(cohort);
        queue.add(cohort);
        this.wakeUps?.arrive(cohort);
        workers.dispatch();
      },
    });
    this.scaler = scalerOf(settings, {
      queue: { depth: async () => this.depth() },
      tasks: this.ecs,
      fleet: this.ecs,
      network: subnets,
      jobMetrics: { recent: async () => tally.jobMinutes(agenda.now, timeOf) },
      jobsAtATime: figures.slots,
      subnetIds: subnets.ids,
      now: () => timeOf(agenda.now + this.ecs.secondsOfCalls()),
      millisecondsOfCalls: () => this.ecs.secondsOfCalls() * 1_000,
    });
    if (settings.wake === 'event') this.wakeUps = this.createWakeUps();
    agenda.at(scenario.firstRunSeconds, () => this.scale());
  }

  async run(): Promise<Outcome> {
    const last = this.scenario.arrivals.at(-1)?.to ?? 0;
    // What is not done after the retention has expired; a day is for what workers still hold.
    const horizon = last + (this.scenario.settings.retentionDays + 1) * DAY;
    while (!this.isOver() && this.samples.next() <= horizon) {
      const until = this.samples.next();
      await this.agenda.pass(until, (lot) => this.workers.finish(lot));
      if (!this.isOver()) this.samples.add(this.reading(until));
    }
    return this.outcome();
  }

  /** Events that have happened: time and memory grow with them. */
  get steps(): number {
    return this.agenda.steps;
  }

  private isOver(): boolean {
    const { queue, workers, ecs, arrivals } = this;
    return arrivals.isOver && queue.visible === 0 && workers.inHand === 0 && ecs.isIdle();
  }

  private async scale(): Promise<void> {
    if (this.isOver()) return;
    const { settings, runEverySeconds } = this.scenario;
    const { now } = this.agenda;
    this.tally.expired += this.queue.expire(now - settings.retentionDays * DAY);
    const isByHand = runEverySeconds < SECONDS_OF_TOKENS;
    this.limits.add(await this.scaler.scheduled(isByHand ? `run-${this.scalerRuns}` : undefined));
    this.scalerRuns += 1;
    this.countTasks();
    this.agenda.at(now + runEverySeconds, () => this.scale());
  }

  private countTasks(): void {
    const { FARGATE, FARGATE_SPOT } = this.ecs.counts;
    this.most.all = Math.max(this.most.all, FARGATE + FARGATE_SPOT);
    this.most.FARGATE = Math.max(this.most.FARGATE, FARGATE);
    this.most.FARGATE_SPOT = Math.max(this.most.FARGATE_SPOT, FARGATE_SPOT);
  }

  private createWakeUps(): WakeUps {
    const wakeUps: WakeUps = new WakeUps(this.agenda, WAKE_UP, async (event) => {
      const answer = await this.scaler.wakeUp(event, wakeUps);
      this.countTasks();
      return answer;
    });
    return wakeUps;
  }

  /** As SQS would count: jobs of a lot that wait for those in hand are not received yet. */
  private depth({ waiting, idle } = this.workers.progress(this.agenda.now)) {
    const backlog = this.queue.visible + waiting - this.arrivals.ahead(this.agenda.now);
    return {
      backlog: Math.max(0, backlog),
      inFlight: this.workers.inHand - idle,
      delayed: 0,
    };
  }

  private reading(seconds: number): Reading {
    const { tally, ecs } = this;
    this.agenda.now = seconds;
    const progress = this.workers.progress(seconds);
    const { backlog, inFlight } = this.depth(progress);
    return {
      seconds,
      arrived: tally.arrived,
      done: tally.done + progress.done,
      backlog,
      inFlight,
      ...ecs.tasksByState(),
      dollars: this.bill().dollars,
      waits: tally.waits.soFar(),
    };
  }

  private bill(): Bill {
    const { tally, ecs, wakeUps } = this;
    const { settings, region, figures, hasPublicAddress, prices } = this.scenario;
    const jobs = tally.done + tally.doneTwice;
    const tasks = ecs.launched.FARGATE + ecs.launched.FARGATE_SPOT;
    const usage = {
      architecture: settings.architecture,
      vcpus: settings.cpuUnits / 1_024,
      memoryGb: settings.memoryMiB / 1_024,
      taskSeconds: ecs.billedSeconds(),
      hasPublicAddress,
      puts: putsOf(settings.destination, { ...figures, jobs, tasks }),
      gets: getsOf(settings.destination, jobs),
      sqsRequests: tally.sqsRequests() + this.scalerRuns,
      scalerRuns: this.scalerRuns,
      logBytes: jobs * figures.logBytesPerObject,
      ...(wakeUps && { wakeUps: wakeUps.usage() }),
    };
    return billOf(usage, { ...pricesIn(region), ...prices });
  }

  private outcome(): Outcome {
    const { tally, ecs, scenario, most } = this;
    const { arrived, done, expired, doneTwice, firstArrival = 0, lastDone } = tally;
    const endSeconds = Math.max(ecs.lastStop, lastDone);
    const { sampleSeconds, samples } = this.samples.result(this.reading(endSeconds));
    const billed = ecs.billedSeconds();
    const total = billed.FARGATE + billed.FARGATE_SPOT;
    return {
      name: scenario.name,
      seed: scenario.seed,
      objects: { arrived, done, left: arrived - done - expired, expired, doneTwice },
      ...(done === arrived && { drainedSeconds: Math.max(0, lastDone - firstArrival) }),
      endSeconds,
      waitSeconds: tally.waits.summary(),
      tasks: {
        most: most.all,
        mostByProvider: { FARGATE: most.FARGATE, FARGATE_SPOT: most.FARGATE_SPOT },
        launched: { ...ecs.launched },
        interrupted: ecs.interrupted,
        billedSeconds: billed,
        spotShare: total === 0 ? 0 : billed.FARGATE_SPOT / total,
      },
      bill: this.bill(),
      limits: this.limits.result(ecs.refused, expired),
      sampleSeconds,
      samples,
    };
  }
}
