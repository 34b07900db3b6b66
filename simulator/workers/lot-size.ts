import type { Chance } from '../chance';
import type { Figures } from '../scenario';

/** What decides how long a run takes, so that lots can be small against it. */
export interface RunSize {
  readonly objects: number;
  /** Most jobs that are an event each. */
  readonly events: number;
  readonly arrivalSeconds: number;
  readonly maxTasks: number;
  readonly figures: Pick<Figures, 'jobSeconds' | 'slots'>;
}

/** Slots and messages, as a lot finds them. */
export interface Supply {
  readonly visible: number;
  /** Slots of all that take jobs. */
  readonly slots: number;
  readonly free: number;
}

/** Lots that last longer become smaller towards the end, so that all slots end about together. */
const SHARE_OF_BACKLOG = 2;

/**
 * How many jobs become one event. Of a run with more objects than `events`, lots take as many slots
 * as they find, and end at steps of `stepSeconds`, so that those that end together are followed by
 * one lot. So events grow with the time of the run, and not with the objects.
 */
export class LotSize {
  /** Jobs of a lot, as a rule, and objects that arrive as one event; 1: the run is exact. */
  readonly largest: number;
  private readonly jobSeconds: number;
  private readonly stepSeconds: number;
  /** Rounds of jobs in the time in which the objects of one event arrive. */
  private readonly arrivalRounds: number;

  constructor({ objects, events, arrivalSeconds, maxTasks, figures }: RunSize) {
    const { jobSeconds, slots } = figures;
    this.largest = Math.max(1, Math.ceil(objects / events));
    this.jobSeconds = jobSeconds;
    this.arrivalRounds = Math.max(1, arrivalSeconds / events / jobSeconds);
    const workSeconds = (objects * jobSeconds) / (Math.max(1, maxTasks) * slots);
    this.stepSeconds = Math.max(arrivalSeconds, workSeconds) / (2 * events);
  }

  get isExact(): boolean {
    return this.largest === 1;
  }

  /** Slots of the next lot, and the jobs that each of them may do one after the other. */
  next({ visible, slots, free }: Supply): { readonly width: number; readonly rounds: number } {
    const width = Math.min(free, Math.ceil(visible / this.arrivalRounds), this.largest);
    const fair = Math.floor(visible / (SHARE_OF_BACKLOG * slots));
    const most = Math.max(this.arrivalRounds, this.stepSeconds / this.jobSeconds);
    const ofStep = Math.min(Math.ceil(visible / Math.min(slots, width)), most);
    const ofLargest = Math.min(fair, Math.floor(this.largest / width));
    return { width, rounds: Math.max(1, Math.ceil(ofStep), ofLargest) };
  }

  /** The step at which slots are free again: on average that of the lot's own end. */
  release(until: number, now: number, chance: Chance): number {
    const steps = until / this.stepSeconds;
    const whole = Math.floor(steps);
    const step = whole + (chance.uniform() < steps - whole ? 1 : 0);
    const next = Math.floor(now / this.stepSeconds) + 1;
    const end = Math.max(step, next) * this.stepSeconds;
    return end > now ? end : end + this.stepSeconds;
  }
}
