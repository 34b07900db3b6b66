import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { DeliveryFacts } from '../../../application-code/worker/src/job/job-report';
import type {
  OpenedSource,
  OutputObject,
  OutputObjects,
  SourceObjects,
  SourceVersion,
} from '../../../application-code/worker/src/job/ports';
import type {
  OutputPlan,
  SkippedOutput,
} from '../../../application-code/worker/src/workload/recipe';
import type {
  JobContext,
  ProcessedSource,
  Processor,
  Source,
} from '../../../application-code/worker/src/workload/workload';
import { FakeBucket } from '../bucket';

/** Source objects in memory; each put makes another version, whatever its content. */
export class FakeSources implements SourceObjects {
  private readonly objects = new FakeBucket();
  private versions = 0;
  /** Keys in the order in which they were opened. */
  readonly opened: string[] = [];
  discarded = 0;
  /** Thrown by the next calls instead of an answer. */
  readonly errors: Error[] = [];
  probeError: Error | undefined;

  put(key: string, body: string | Buffer): void {
    this.versions += 1;
    this.objects.put(key, body, { eTag: `"v${this.versions}"` });
  }

  /** What is there now; an empty buffer for nothing. */
  body(key: string): Buffer {
    return this.objects.get(key)?.body ?? Buffer.alloc(0);
  }

  /** Of what is there now. */
  eTag(key: string): string | undefined {
    return this.objects.get(key)?.eTag;
  }

  delete(key: string): void {
    this.objects.delete(key);
  }

  async open(key: string, signal: AbortSignal): Promise<OpenedSource | undefined> {
    this.opened.push(key);
    const object = this.answer(key, signal);
    return (
      object && {
        eTag: object.eTag,
        bytes: object.bytes,
        read: async () => object.body,
        stream: async () => Readable.from([object.body]),
        discard: () => void this.discarded++,
      }
    );
  }

  async look(key: string, signal: AbortSignal): Promise<SourceVersion | undefined> {
    return this.answer(key, signal);
  }

  async probe(): Promise<void> {
    if (this.probeError) throw this.probeError;
  }

  private answer(key: string, signal: AbortSignal) {
    signal.throwIfAborted();
    const error = this.errors.shift();
    if (error) throw error;
    return this.objects.get(key);
  }
}

/** Outputs in memory. */
export class FakeOutputs implements OutputObjects {
  readonly written = new FakeBucket();
  writes = 0;
  error: Error | undefined;
  /** Decides which single writes fail. */
  failing: (key: string) => Error | undefined = () => undefined;
  probes = 0;
  probeError: Error | undefined;

  async write({ key, body, sourceETag, metadata, ...headers }: OutputObject): Promise<void> {
    this.writes += 1;
    const error = this.error ?? this.failing(key);
    if (error) throw error;
    const written = { ...metadata, ...(sourceETag && { 'source-etag': sourceETag }) };
    this.written.put(key, Buffer.isBuffer(body) ? body : readFileSync(body.file), {
      ...headers,
      metadata: written,
    });
  }

  async probe(): Promise<void> {
    this.probes += 1;
    if (this.probeError) throw this.probeError;
  }
}

/** A first delivery, whose lines go nowhere. */
export function deliveryFacts(facts: Partial<DeliveryFacts> = {}): DeliveryFacts {
  return {
    ...{ attempt: 1, maxAttempts: 3, sentAt: new Date(0), log: () => undefined },
    ...{ nextJobId: () => 'message-1', ...facts },
  };
}

/** What a test's recipe asks for. Its key is the output's name, then the source's path. */
export function planOf(name: string, plan: Partial<OutputPlan> = {}): OutputPlan {
  return { name, folder: `${name}/`, pathOf: (path) => path, settings: { name }, ...plan };
}

/** A processor whose outputs are the source's own bytes, under the names that it is given. */
export class FakeProcessor implements Processor {
  /** Results that hold memory. */
  held = 0;
  skipped: readonly SkippedOutput[] = [];
  /** Runs between the read and the outputs. */
  during: (source: Source, signal: AbortSignal, context: JobContext) => Promise<void> | void = () =>
    undefined;

  constructor(private readonly names: readonly string[]) {}

  async process(source: Source, context: JobContext): Promise<ProcessedSource> {
    const body = await source.read();
    await this.during(source, context.signal, context);
    this.held += 1;
    return {
      figures: { pixels: 6 },
      skipped: this.skipped,
      outputs: this.names.map((name) => ({
        ...{ name, body, contentType: 'image/png', extension: 'png' },
      })),
      milliseconds: { wait: 1, read: 2, render: 3 },
      release: () => void this.held--,
    };
  }
}
