import type { Agenda } from '../agenda';
import type { Chance } from '../chance';
import type { MessageQueue } from '../message-queue';
import type { Figures } from '../scenario';
import type { Tally } from '../tally';
import { Crew, type Worker } from './crew';
import { IdleExits } from './idle-exits';
import type { LotSize } from './lot-size';
import { addProgress, cut, type Lot, type LotInHand, type Progress } from './lots';

/**
 * Most messages that a standard queue lets workers hold:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const IN_FLIGHT_LIMIT = 120_000;
/** Most messages that one receive brings. */
const MESSAGES_PER_RECEIVE = 10;

/** What a task's own variables say; absent: those of its task definition. */
export interface WorkerOptions {
  readonly idleExitSeconds: number;
  readonly jobLimit?: number;
  /** Tasks that act as one. */
  readonly tasks?: number;
}

/** The surroundings of all workers. */
export interface WorkerModel {
  readonly agenda: Agenda;
  readonly chance: Chance;
  readonly queue: MessageQueue;
  readonly lotSize: LotSize;
  readonly tally: Tally;
  readonly figures: Figures;
}

/** All workers that run: they take messages, work, and end. */
export class Workers {
  /** Slots that hold a job. */
  inHand = 0;
  private readonly crews = new Set<Crew>();
  private readonly polling: Crew[] = [];
  private readonly shared?: Crew;
  private readonly idleExits: IdleExits;
  private isRefillPlanned = false;

  constructor(private readonly model: WorkerModel) {
    const { agenda, chance, lotSize } = model;
    this.idleExits = new IdleExits({ agenda, chance, onIdle: (worker) => this.endIdle(worker) });
    if (!lotSize.isExact) this.shared = this.newCrew(true);
  }

  /** A worker starts to receive. One with a limit of jobs shares no slots. */
  start({ idleExitSeconds, jobLimit, tasks = 1 }: WorkerOptions, onEnd: () => void): Worker {
    const jobs = jobLimit && jobLimit * tasks;
    const crew = (jobLimit === undefined && this.shared) || this.newCrew(false, jobs);
    const worker: Worker = { crew, place: 0, isLeaving: false, idleExitSeconds, onEnd };
    crew.join(worker, tasks * this.model.figures.slots);
    this.poll(crew);
    this.dispatch();
    if (crew.isShared || crew.free === crew.slots) this.idleExits.watch(crew, worker);
    return worker;
  }

  /** Hands out messages for as long as there are some, and a worker that polls. */
  dispatch(): void {
    const { queue, chance } = this.model;
    while (queue.visible > 0 && this.polling.length > 0 && this.inHand < IN_FLIGHT_LIMIT) {
      const crew = this.polling[chance.below(this.polling.length)];
      if (crew) this.receive(crew);
    }
  }

  /** A lot ends, unless it was put down before. */
  finish(inHand: LotInHand): void {
    const { crew, lot } = inHand;
    if (!this.putDown(inHand)) return;
    this.model.tally.finish(lot);
    const [worker] = crew.workers;
    if (crew.isShared) this.refillLater(crew);
    else if (worker?.isLeaving) this.endWhenDone(worker);
    else if (worker) this.refill(worker);
  }

  /**
   * A worker takes no more jobs, finishes those in hand, and ends.
   * @param deadline when it returns what is still in hand; absent: never.
   */
  drain(worker: Worker, deadline?: number): void {
    const { queue, agenda, tally } = this.model;
    if (worker.isLeaving) return;
    worker.isLeaving = true;
    if (worker.crew.isShared) this.part(worker, this.busySlots(worker.crew));
    const { crew } = worker;
    this.pollNoMore(crew);
    for (const one of [...crew.inHand]) {
      const { done, inHand, left } = cut(one.lot, agenda.now);
      this.putDown(one);
      if (done.count > 0) tally.finish(done);
      if (inHand.count > 0) this.hold(crew, inHand, inHand.until);
      queue.release(left);
    }
    if (deadline !== undefined) agenda.at(deadline, () => this.giveUp(worker));
    this.endWhenDone(worker);
    this.dispatch();
  }

  /** Of all lots together. */
  progress(now: number): Progress {
    const sum = { done: 0, waiting: 0, idle: 0 };
    if (this.model.lotSize.isExact) return sum;
    for (const { inHand } of this.crews)
      for (const { lot } of inHand) if (lot.count > 1) addProgress(sum, lot, now);
    return sum;
  }

  private receive(crew: Crew): void {
    const { tally } = this.model;
    const { taken } = crew;
    const least = crew.isShared ? 0 : Math.max(0, crew.free - MESSAGES_PER_RECEIVE);
    while (crew.free > least && this.fill(crew));
    // Those of a shared crew have come one by one, each to a worker with room to spare.
    tally.receive(crew.isShared ? crew.taken - taken : 1);
    const [worker] = crew.workers;
    if (worker && crew.jobsLeft === 0) this.drain(worker);
    else if (crew.free === 0) this.pollNoMore(crew);
  }

  private refill(worker: Worker): void {
    const { crew } = worker;
    const isRefilled = this.fill(crew);
    if (!isRefilled) this.poll(crew);
    else if (crew.jobsLeft === 0) this.drain(worker);
    if (crew.free === crew.slots) this.idleExits.watchCrew(crew);
  }

  /** All lots that end at this moment are followed by as few as possible. */
  private refillLater(crew: Crew): void {
    const { agenda } = this.model;
    if (this.isRefillPlanned) return;
    this.isRefillPlanned = true;
    agenda.at(agenda.now, () => {
      this.isRefillPlanned = false;
      while (this.fill(crew));
      if (crew.free > 0) this.poll(crew);
      if (crew.free === crew.slots) this.idleExits.watchCrew(crew);
    });
  }

  /** @returns false without a message, and without a slot for it. */
  private fill(crew: Crew): boolean {
    const { queue, agenda, chance, figures, lotSize } = this.model;
    const free = Math.min(crew.free, IN_FLIGHT_LIMIT - this.inHand);
    if (free <= 0 || crew.jobsLeft === 0 || queue.visible === 0) return false;
    const { width, rounds } = crew.isShared
      ? lotSize.next({ visible: queue.visible, slots: crew.slots, free })
      : { width: Math.min(free, crew.atOnce), rounds: 1 };
    const cohort = queue.take(width * rounds);
    if (!cohort) return false;
    // Its fields one by one: a run has millions of lots.
    const { arrived, span, count, isDuplicate } = cohort;
    const { now } = agenda;
    const used = Math.min(width, count);
    const each = chance.around(figures.jobSeconds, figures.jobSpread / Math.sqrt(count));
    const until = now + (each * count) / used;
    const end = crew.isShared ? lotSize.release(until, now, chance) : until;
    this.hold(crew, { arrived, span, count, isDuplicate, width: used, from: now, until }, end);
    crew.taken += count;
    crew.jobsLeft -= count;
    return true;
  }

  private giveUp(worker: Worker): void {
    const { queue, tally } = this.model;
    const { crew } = worker;
    if (!this.crews.has(crew)) return;
    for (const inHand of [...crew.inHand]) {
      const { arrived, span, count, isDuplicate } = inHand.lot;
      this.putDown(inHand);
      queue.release({ arrived, span, count, isDuplicate });
      tally.repeat(count);
    }
    this.endWhenDone(worker);
    this.dispatch();
  }

  private endIdle(worker: Worker): void {
    if (worker.crew.isShared) this.part(worker, 0);
    this.drain(worker);
  }

  private endWhenDone(worker: Worker): void {
    const { crew } = worker;
    if (crew.free < crew.slots) return;
    this.crews.delete(crew);
    worker.onEnd();
  }

  /** The shared crew continues without a worker. */
  private part(worker: Worker, busy: number): void {
    const { crew } = worker;
    this.crews.add(crew.part(worker, busy, (lots) => this.model.chance.below(lots)));
    if (crew.free === 0) this.pollNoMore(crew);
  }

  /** Slots with a job that one worker of a crew has: its share, as a whole number. */
  private busySlots({ slots, free, workers }: Crew): number {
    const { chance, figures } = this.model;
    const share = Math.floor((slots - free) / workers.length + chance.uniform());
    return Math.min(figures.slots, Math.max(share, figures.slots - free));
  }

  private newCrew(isShared: boolean, jobLimit?: number): Crew {
    const crew = new Crew(isShared, jobLimit);
    this.crews.add(crew);
    return crew;
  }

  private hold(crew: Crew, lot: Lot, end: number): void {
    this.inHand += lot.width;
    this.model.agenda.endOfLot(crew.hold(lot), end);
  }

  private putDown(inHand: LotInHand): boolean {
    if (!inHand.crew.putDown(inHand)) return false;
    this.inHand -= inHand.lot.width;
    return true;
  }

  private poll(crew: Crew): void {
    if (crew.place >= 0) return;
    crew.place = this.polling.length;
    this.polling.push(crew);
  }

  private pollNoMore(crew: Crew): void {
    const last = this.polling.at(-1);
    if (crew.place < 0 || !last) return;
    this.polling[crew.place] = last;
    last.place = crew.place;
    this.polling.pop();
    crew.place = -1;
  }
}
