import type { Sample } from './outcome';
import { type WaitBins, waitsBetween } from './waits';

/** As many points as a chart needs, and twice as many before every other one is left out. */
const MOST = 720;

/** A sample, with the waits of all objects that are done so far. */
export interface Reading extends Omit<Sample, 'waitSeconds'> {
  readonly waits: WaitBins;
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

function sampleOf({ waits, ...sample }: Reading, before?: Reading): Sample {
  const waitSeconds = waitsBetween(before?.waits ?? [], waits);
  return waitSeconds ? { ...sample, waitSeconds } : sample;
}
