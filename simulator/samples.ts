import type { Sample } from './outcome';

/** As many points as a chart needs, and twice as many before every other one is left out. */
const MOST = 720;

/** A sample, with what a mean needs. */
export interface Reading extends Omit<Sample, 'waitSeconds'> {
  /** Seconds that all objects have waited that are done so far. */
  readonly waited: number;
  /** Those objects; unlike `done`, without what is done of a lot in hand. */
  readonly waitedFor: number;
}

/** The course of a run, in even steps that double as it becomes longer. */
export class Samples {
  private readings: Reading[] = [];

  /** @param seconds between the first samples. */
  constructor(private seconds: number) {}

  /** When the next reading is due. */
  next(): number {
    const last = this.readings.at(-1);
    return last === undefined ? 0 : last.seconds + this.seconds;
  }

  add(reading: Reading): void {
    this.readings.push(reading);
    if (this.readings.length <= MOST) return;
    this.readings = this.readings.filter((_one, index) => index % 2 === 0);
    this.seconds *= 2;
  }

  result(end: Reading): { readonly sampleSeconds: number; readonly samples: readonly Sample[] } {
    const earlier = this.readings.filter(({ seconds }) => seconds < end.seconds);
    const all = [...earlier, end];
    return {
      sampleSeconds: this.seconds,
      samples: all.map((reading, index) => sampleOf(reading, all[index - 1])),
    };
  }
}

function sampleOf({ waited, waitedFor, ...sample }: Reading, before?: Reading): Sample {
  const done = waitedFor - (before?.waitedFor ?? 0);
  return done === 0 ? sample : { ...sample, waitSeconds: (waited - (before?.waited ?? 0)) / done };
}
