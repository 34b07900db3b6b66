import type {
  OpenedSource,
  Rendition,
  Renditions,
  SourceObjects,
  SourceVersion,
} from '../../../application-code/worker/src/job/ports';
import { type Clock, roundTrip, SYSTEM_CLOCK } from './round-trip';

/** The source bucket in memory: one round trip to open or to look, every read a copy of its own, as off a socket. */
export class SourceDouble implements SourceObjects {
  constructor(
    private readonly bodies: ReadonlyMap<string, Buffer>,
    private readonly roundTripMilliseconds: number,
    private readonly clock: Clock = SYSTEM_CLOCK,
  ) {}

  open(key: string, signal?: AbortSignal): Promise<OpenedSource | undefined> {
    return this.travel(() => {
      const body = this.bodies.get(key);
      return (
        body && {
          ...version(key, body),
          read: async () => Buffer.from(body),
          discard: () => undefined,
        }
      );
    }, signal);
  }

  look(key: string, signal?: AbortSignal): Promise<SourceVersion | undefined> {
    return this.travel(() => {
      const body = this.bodies.get(key);
      return body && version(key, body);
    }, signal);
  }

  probe(signal?: AbortSignal): Promise<void> {
    return this.travel(() => undefined, signal);
  }

  private travel<Answer>(answer: () => Answer, signal?: AbortSignal): Promise<Answer> {
    return roundTrip(this.clock, this.roundTripMilliseconds, answer, signal);
  }
}

/** The destination bucket: counts what arrives, by key, and keeps no bodies. */
export class DestinationDouble implements Renditions {
  /** Bytes of the rendition last written under each key. */
  readonly written = new Map<string, number>();

  constructor(
    private readonly roundTripMilliseconds: number,
    private readonly clock: Clock = SYSTEM_CLOCK,
  ) {}

  write({ key, body }: Pick<Rendition, 'key' | 'body'>, signal?: AbortSignal): Promise<void> {
    const put = () => {
      this.written.set(key, body.length);
    };
    return roundTrip(this.clock, this.roundTripMilliseconds, put, signal);
  }

  probe(signal?: AbortSignal): Promise<void> {
    return roundTrip(this.clock, this.roundTripMilliseconds, () => undefined, signal);
  }
}

function version(key: string, body: Buffer): SourceVersion {
  return { eTag: `"${key}-${body.length}"`, bytes: body.length };
}
