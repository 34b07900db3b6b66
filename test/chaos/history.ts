import type { FaultKind } from './fault-kinds';

/** Something that happened in a run, as a reader of a failure needs it. */
export interface Happening {
  /** Since the beginning of the run. */
  readonly milliseconds: number;
  /** `call`: passed on. `job`, `task`, `run`: what the pipeline says. `object`: of the user. */
  readonly what: 'fault' | 'call' | 'job' | 'task' | 'run' | 'object';
  /** A task's id, `scaler` or `test`. */
  readonly who: string;
  readonly text: string;
  readonly fault?: FaultKind;
  /** Of a task that has stopped. */
  readonly exitCode?: number;
  /** Object keys that it is about. */
  readonly keys: readonly string[];
}

/** Everything that happened in one run, in order. */
export class History {
  private readonly happenings: Happening[] = [];
  private readonly startedAt: number;

  constructor(private readonly now: () => number = Date.now) {
    this.startedAt = now();
  }

  /** @returns a function that adds to the text what is known only later. */
  add(happening: Omit<Happening, 'milliseconds'>): (more: string) => void {
    const milliseconds = this.now() - this.startedAt;
    const index = this.happenings.push({ milliseconds, ...happening }) - 1;
    return (more) => {
      this.happenings[index] = { milliseconds, ...happening, text: `${happening.text}: ${more}` };
    };
  }

  /** Adds what is not the same as the last thing of its sort. */
  addNew(happening: Omit<Happening, 'milliseconds'>): void {
    const last = this.happenings.findLast(({ what }) => what === happening.what);
    if (last?.text !== happening.text) this.add(happening);
  }

  get all(): readonly Happening[] {
    return this.happenings;
  }

  /** How often each kind of fault struck. */
  faults(): ReadonlyMap<FaultKind, number> {
    const counts = new Map<FaultKind, number>();
    for (const { fault } of this.happenings)
      if (fault) counts.set(fault, (counts.get(fault) ?? 0) + 1);
    return counts;
  }

  /** Lines about these keys, and faults and ends of tasks without a key; by default all. */
  lines(keys: readonly string[] = []): string[] {
    const wanted = new Set(keys);
    const isWanted = (one: Happening) =>
      wanted.size === 0 ||
      one.keys.some((key) => wanted.has(key)) ||
      (one.keys.length === 0 && one.what !== 'call');
    return this.happenings.filter(isWanted).map(lineOf);
  }
}

function lineOf({ milliseconds, what, who, text, fault, keys }: Happening): string {
  const time = `${(milliseconds / 1000).toFixed(3)} s`.padStart(10);
  const about = keys.length > 0 ? ` [${keys.join(', ')}]` : '';
  return (
    `${time}  ${who.slice(0, 12).padEnd(12)}  ${what.padEnd(6)}  ` +
    `${fault ? `${fault}: ` : ''}${text}${about}`
  );
}
