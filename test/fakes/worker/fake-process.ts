import { type Clock, pause } from '../../../application-code/worker/src/clock';
import type { OpenedSource } from '../../../application-code/worker/src/job/ports';
import type { WorkerPorts } from '../../../application-code/worker/src/worker-options';

/** What a worker does to the world outside. */
export type Effect =
  | 'receive'
  | 'open'
  | 'read'
  | 'write'
  | 'look'
  | 'acknowledge'
  | 'change-visibility'
  | 'resend'
  | 'dead-letter'
  | 'probe';

export type Moment = 'before' | 'after';

/** The worker dies, or the call fails. With `after`, the effect has taken place. */
export interface Mishap {
  readonly when: Moment;
  readonly what: 'death' | Error;
}

export interface FakeProcessOptions {
  readonly clock: Clock;
  /** Asked at every effect, which are numbered from 1. */
  readonly mishap?: (effect: Effect, number: number) => Mishap | undefined;
  /** Milliseconds that a request, and its answer, are under way; none by default. */
  readonly latency?: () => number;
}

/**
 * One process: its worker can die at any effect, or be frozen for a while. A dead one hears no
 * answer and no timer, though what it asked for before takes place.
 */
export class FakeProcess {
  readonly effects: Effect[] = [];
  private over = false;
  private frozenUntil = 0;

  constructor(private readonly options: FakeProcessOptions) {}

  get isOver(): boolean {
    return this.over;
  }

  end(): void {
    this.over = true;
  }

  /** Stops the process for a while; time continues. */
  freeze(seconds: number): void {
    this.frozenUntil = this.options.clock.now() + seconds * 1000;
  }

  readonly clock: Clock = {
    now: () => this.options.clock.now(),
    after: (milliseconds, callback) =>
      this.options.clock.after(milliseconds, () => void this.wake(callback)),
  };

  /** The same ports, as far as the process lives. */
  ports({ queue, deadLetters, sources, destination, processor }: WorkerPorts): WorkerPorts {
    const opened = (source: OpenedSource): OpenedSource => ({
      eTag: source.eTag,
      bytes: source.bytes,
      read: () => this.effect('read', () => source.read()),
      stream: () => this.effect('read', () => source.stream()),
      discard: () => source.discard(),
    });
    return {
      processor,
      queue: {
        receive: (...given) => this.effect('receive', () => queue.receive(...given)),
        acknowledge: (given) => this.effect('acknowledge', () => queue.acknowledge(given)),
        changeVisibility: (given) =>
          this.effect('change-visibility', () => queue.changeVisibility(given)),
        resend: (given) => this.effect('resend', () => queue.resend(given)),
      },
      deadLetters: {
        send: (letter) => this.effect('dead-letter', () => deadLetters.send(letter)),
      },
      sources: {
        open: async (...given) => {
          const source = await this.effect('open', () => sources.open(...given));
          return source && opened(source);
        },
        look: (...given) => this.effect('look', () => sources.look(...given)),
        probe: (signal) => this.effect('probe', () => sources.probe(signal)),
      },
      destination: {
        write: (...given) => this.effect('write', () => destination.write(...given)),
        probe: (signal) => this.effect('probe', () => destination.probe(signal)),
      },
    };
  }

  private async effect<Answer>(effect: Effect, act: () => Promise<Answer>): Promise<Answer> {
    if (this.over) return new Promise(() => undefined);
    this.effects.push(effect);
    const mishap = this.options.mishap?.(effect, this.effects.length);
    if (mishap?.when === 'before') return this.befall(mishap);
    await this.travel();
    const answer = await act();
    await this.travel();
    if (mishap) return this.befall(mishap);
    return this.wake(() => answer);
  }

  private befall<Answer>({ what }: Mishap): Promise<Answer> {
    if (what === 'death') this.end();
    return this.wake(() => {
      throw what;
    });
  }

  /** Continues when the process is not frozen, and never when it is dead. */
  private async wake<Answer>(goOn: () => Answer): Promise<Answer> {
    const { clock } = this.options;
    if (clock.now() < this.frozenUntil) await pause(clock, this.frozenUntil - clock.now());
    return this.over ? new Promise<Answer>(() => undefined) : goOn();
  }

  private async travel(): Promise<void> {
    const milliseconds = this.options.latency?.() ?? 0;
    if (milliseconds > 0) await pause(this.options.clock, milliseconds);
  }
}
