import type { Agenda } from './agenda';
import type { Chance } from './chance';
import { cutShort, type Lot, type Lots } from './lots';
import type { MessageQueue } from './message-queue';
import type { Figures } from './scenario';
import type { Tally } from './tally';

/**
 * Most messages that a standard queue lets workers hold:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const IN_FLIGHT_LIMIT = 120_000;
/** Most messages that one receive brings. */
const MESSAGES_PER_RECEIVE = 10;
/** Lots become smaller towards the end, so that all slots end together as jobs alone would. */
const SHARE_OF_BACKLOG = 2;

/** The worker in one task. */
export interface Worker {
  readonly seat: number;
  /** Slots without a job. */
  free: number;
  /** Takes no more jobs, and finishes those in hand. */
  isLeaving: boolean;
  /** Counts the jobs taken, so that an idle time that a job has ended is told. */
  taken: number;
  /** Place among those that poll; -1: it polls not. */
  place: number;
  /** Messages that it may still take. */
  jobsLeft: number;
  readonly idleExitSeconds: number;
  /** Called once, when it ends by itself. */
  readonly onEnd: () => void;
}

/** What a task's own variables say; absent: those of its task definition. */
export interface WorkerOptions {
  readonly idleExitSeconds: number;
  readonly jobLimit?: number;
}

/** The surroundings of all workers. */
export interface WorkerModel {
  readonly agenda: Agenda;
  readonly chance: Chance;
  readonly queue: MessageQueue;
  readonly lots: Lots;
  readonly tally: Tally;
  readonly figures: Figures;
}

/** All workers that run: they take messages, work, and end. */
export class Workers {
  /** Jobs in hand, one for each busy slot. */
  inHand = 0;
  private readonly polling: Worker[] = [];
  private readonly bySeat: (Worker | undefined)[] = [];
  private slots = 0;

  constructor(private readonly model: WorkerModel) {}

  /** A worker starts to receive. */
  start(options: WorkerOptions, onEnd: () => void): Worker {
    const { lots, figures } = this.model;
    const { idleExitSeconds, jobLimit: jobsLeft = Number.POSITIVE_INFINITY } = options;
    const seat = lots.takeSeat();
    const free = figures.slots;
    const state = { isLeaving: false, taken: 0, place: -1, jobsLeft };
    const worker: Worker = { seat, free, ...state, idleExitSeconds, onEnd };
    this.bySeat[seat] = worker;
    this.slots += figures.slots;
    this.poll(worker);
    this.dispatch();
    this.watchIdle(worker);
    return worker;
  }

  /** Hands out messages for as long as there are some, and a worker that polls. */
  dispatch(): void {
    const { queue, chance } = this.model;
    while (queue.visible > 0 && this.polling.length > 0 && this.inHand < IN_FLIGHT_LIMIT) {
      const worker = this.polling[chance.below(this.polling.length)];
      if (worker) this.receive(worker);
    }
  }

  /** A lot ends, unless it was cut short or taken away before. */
  finish(slot: number): void {
    const { lots, agenda, tally } = this.model;
    const lot = lots.at(slot);
    const worker = this.bySeat[lots.seatOf(slot)];
    if (!lot || !worker || lot.until !== agenda.now) return;
    lots.put(slot, undefined);
    this.inHand -= 1;
    tally.finish(lot);
    const isRefilled =
      !worker.isLeaving && this.inHand < IN_FLIGHT_LIMIT && this.fill(worker, slot);
    if (isRefilled && worker.jobsLeft === 0) this.drain(worker);
    if (isRefilled) return;
    worker.free += 1;
    if (worker.isLeaving) this.endWhenDone(worker);
    else this.poll(worker);
    if (!worker.isLeaving && worker.free === lots.slotsPerSeat) this.watchIdle(worker);
  }

  /**
   * A worker takes no more jobs, finishes those in hand, and ends.
   * @param deadline when it returns what is still in hand; absent: never.
   */
  drain(worker: Worker, deadline?: number): void {
    const { lots, queue, agenda } = this.model;
    if (worker.isLeaving) return;
    worker.isLeaving = true;
    this.slots -= lots.slotsPerSeat;
    this.pollNoMore(worker);
    for (const slot of lots.slotsOf(worker.seat, true)) {
      const { lot, rest } = cutShort(lots.at(slot) as Lot, agenda.now);
      lots.put(slot, lot);
      agenda.endOfLot(slot, lot.until);
      queue.release(rest);
    }
    if (deadline !== undefined) agenda.at(deadline, () => this.giveUp(worker));
    this.endWhenDone(worker);
    this.dispatch();
  }

  private receive(worker: Worker): void {
    const { lots, tally } = this.model;
    tally.receive();
    const slots = lots.slotsOf(worker.seat, false).slice(0, MESSAGES_PER_RECEIVE);
    for (const slot of slots) if (this.fill(worker, slot)) worker.free -= 1;
    if (worker.jobsLeft === 0) this.drain(worker);
    else if (worker.free === 0) this.pollNoMore(worker);
  }

  /** @returns false without a message. */
  private fill(worker: Worker, slot: number): boolean {
    const { queue, lots, agenda, chance, figures } = this.model;
    if (worker.jobsLeft === 0) return false;
    const fair = Math.floor(queue.visible / (SHARE_OF_BACKLOG * this.slots));
    const cohort = queue.take(Math.max(1, Math.min(lots.largestLot, fair, worker.jobsLeft)));
    if (!cohort) return false;
    const { jobSeconds, jobSpread } = figures;
    const seconds = chance.around(jobSeconds * cohort.count, jobSpread / Math.sqrt(cohort.count));
    const lot = { ...cohort, from: agenda.now, until: agenda.now + seconds };
    lots.put(slot, lot);
    agenda.endOfLot(slot, lot.until);
    this.inHand += 1;
    worker.taken += 1;
    worker.jobsLeft -= cohort.count;
    return true;
  }

  private giveUp(worker: Worker): void {
    const { lots, queue, tally } = this.model;
    if (this.bySeat[worker.seat] !== worker) return;
    for (const slot of lots.slotsOf(worker.seat, true)) {
      const { from: _from, until: _until, ...cohort } = lots.at(slot) as Lot;
      lots.put(slot, undefined);
      this.inHand -= 1;
      worker.free += 1;
      queue.release(cohort);
      tally.repeat(cohort.count);
    }
    this.endWhenDone(worker);
    this.dispatch();
  }

  private endWhenDone(worker: Worker): void {
    const { lots } = this.model;
    if (worker.free < lots.slotsPerSeat) return;
    this.bySeat[worker.seat] = undefined;
    lots.leaveSeat(worker.seat);
    worker.onEnd();
  }

  private watchIdle(worker: Worker): void {
    const { taken, idleExitSeconds } = worker;
    const { agenda, lots } = this.model;
    agenda.at(agenda.now + idleExitSeconds, () => {
      const isIdle = worker.taken === taken && worker.free === lots.slotsPerSeat;
      if (isIdle) this.drain(worker);
    });
  }

  private poll(worker: Worker): void {
    if (worker.place >= 0) return;
    worker.place = this.polling.length;
    this.polling.push(worker);
  }

  private pollNoMore(worker: Worker): void {
    const last = this.polling.at(-1);
    if (worker.place < 0 || !last) return;
    this.polling[worker.place] = last;
    last.place = worker.place;
    this.polling.pop();
    worker.place = -1;
  }
}
