import { Interruption } from '../../../application-code/worker/src/faults';
import { type JobPorts, runJob } from '../../../application-code/worker/src/job/job';
import { readMessage } from '../../../application-code/worker/src/job/messages';
import type { OutputObject } from '../../../application-code/worker/src/job/ports';
import type { DeliverySamples } from '../../../application-code/worker/src/job/samples';
import { SampleOutputs } from '../../../application-code/worker/src/parts/sample-outputs';
import type { NewSample } from '../../../application-code/worker/src/parts/sample-records';
import { FakeClock } from '../clock';
import { s3Event } from './events';
import { deliveryFacts, FakeOutputs, FakeProcessor, FakeSources, planOf } from './fake-buckets';

const KEY = 'ecsproc/photo.jpg';
const SETTINGS = {
  sourceBucket: 'photos',
  sourcePrefix: 'ecsproc/',
  destinationPrefix: 'processed/',
  outputs: [planOf('s')],
  maxSourceBytes: 1000,
};
/** A choice of what happens next: an effect of a worker, an upload, or an accident. */
export type Step = string;

export interface Setting {
  /** Of the source, named v1, v2 and so on. */
  readonly versions: number;
  /** The first worker may be cancelled once during its first write, which lands at any time. */
  readonly mayGiveUp: boolean;
  /** Every write names the ETag of the output that it replaces, and is refused for another. */
  readonly isConditional?: boolean;
  /** Messages of the first version. */
  readonly events: number;
  /** Outputs are samples; a message is done when the index of its part has landed. */
  readonly isDataset?: boolean;
}

/** One source, its output, and two workers whose every effect waits until it is chosen. */
export class Crossroads {
  private readonly sources = new FakeSources();
  readonly destination = new FakeOutputs();
  private readonly gates = new Map<Step, () => void>();
  private readonly cancelled = new AbortController();
  private uploaded = 1;
  private messages: number;
  /** For each worker: the version that it has opened, and its rounds for this message. */
  private readonly opened = new Map<string, readonly [eTag: string, rounds: number]>();

  /** For each worker: the output that its write replaces. */
  private readonly replaced = new Map<string, string | undefined>();

  /** For each worker: the version in its open part. Then those of all parts with an index. */
  private readonly collected = new Map<string, string>();
  private readonly committed = new Set<string>();

  constructor(private readonly setting: Setting) {
    this.messages = setting.events;
    this.sources.put(KEY, 'v1');
    void this.work('A');
    void this.work('B');
  }

  /** What can happen now, in a fixed order. */
  get steps(): readonly Step[] {
    const canTake = (step: Step) => !step.endsWith('take') || this.messages > 0;
    const uploads = this.uploaded < this.setting.versions ? ['upload'] : [];
    return [...[...this.gates.keys()].filter(canTake).sort(), ...uploads];
  }

  get isNewest(): boolean {
    const { isDataset, versions } = this.setting;
    return isDataset ? this.committed.has(`"v${versions}"`) : this.written === `v${versions}`;
  }

  /** The rendition's content, for which S3's ETag stands. */
  private get written(): string | undefined {
    return this.destination.written.text('processed/s/photo.jpg');
  }

  /** Everything that decides what happens next; two workers that may do the same are equal. */
  get state(): string {
    const workers = ['A', 'B'].map((one) => this.stateOf(one));
    if (!this.setting.mayGiveUp) workers.sort();
    const committed = [...this.committed].sort();
    return JSON.stringify([this.uploaded, this.messages, this.written, committed, ...workers]);
  }

  private stateOf(worker: string): string {
    const gates = [...this.gates.keys()].filter((step) => step.startsWith(`${worker} `)).sort();
    return JSON.stringify([
      gates.map((step) => step.slice(worker.length)),
      ...[this.opened, this.replaced, this.collected].map((map) => map.get(worker)),
    ]);
  }

  static async after(setting: Setting, way: readonly Step[]): Promise<Crossroads> {
    const crossroads = new Crossroads(setting);
    await settled();
    for (const step of way) await crossroads.take(step);
    return crossroads;
  }

  async take(step: Step): Promise<void> {
    if (step === 'upload') this.upload();
    else this.gates.get(step)?.();
    await settled();
  }

  private upload(): void {
    this.uploaded += 1;
    this.sources.put(KEY, `v${this.uploaded}`);
    this.messages += 1;
  }

  private async work(worker: string): Promise<void> {
    const ports = this.ports(worker);
    const signal = worker === 'A' && this.setting.mayGiveUp ? this.cancelled.signal : NEVER;
    while (!signal.aborted) {
      await this.gate(`${worker} take`);
      this.messages -= 1;
      this.opened.delete(worker);
      const entries = readMessage(s3Event(KEY), SETTINGS);
      const delivery = deliveryFacts();
      const samples = this.setting.isDataset ? this.samples(worker) : undefined;
      const onWrite = () => undefined;
      const context = { settings: SETTINGS, ports, delivery, signal, onWrite, samples };
      const results = await runJob(entries, context);
      const isDone = results.every(({ outcome }) => outcome === 'done');
      if (!isDone || !(await this.commit(worker, signal))) this.messages += 1;
    }
  }

  private samples(worker: string): DeliverySamples {
    const add = (sample: NewSample) =>
      this.at(`${worker} add`, async () => void this.collected.set(worker, sample.row.eTag));
    const sink = { label: 'none', add, leaveOut: () => Promise.resolve() };
    return {
      ...{ waitsFor: 'shared part', written: async () => undefined },
      outputs: (entry, run) => new SampleOutputs(entry, run, sink),
    };
  }

  /** Writes the part of a worker; false when that gave up before it knew, though it may land. */
  private async commit(worker: string, signal: AbortSignal): Promise<boolean> {
    const eTag = this.collected.get(worker);
    if (eTag === undefined) return true;
    this.collected.delete(worker);
    const landed = this.at(`${worker} index`, async () => void this.committed.add(eTag));
    try {
      await this.unlessGivenUp(worker, landed, signal);
      return true;
    } catch {
      this.mayBeLost(`${worker} index`);
      return false;
    }
  }

  private ports(worker: string): JobPorts {
    const sources = this.sources;
    return {
      clock: new FakeClock(),
      processor: new FakeProcessor(['s']),
      sources: {
        open: (key, signal) =>
          this.at(`${worker} open`, async () => {
            const source = await sources.open(key, signal);
            const [, rounds] = this.opened.get(worker) ?? ['', 0];
            this.opened.set(worker, [source?.eTag ?? '', rounds + 1]);
            return source;
          }),
        look: async (key, signal) => this.at(`${worker} look`, () => sources.look(key, signal)),
        probe: () => sources.probe(),
      },
      destination: {
        write: (output, signal) => this.write(worker, output, signal),
        probe: () => this.destination.probe(),
      },
    };
  }

  private async write(worker: string, output: OutputObject, signal: AbortSignal): Promise<void> {
    const landed = this.setting.isConditional
      ? this.replace(worker, output, signal)
      : this.at(`${worker} write`, () => this.destination.write(output));
    return this.unlessGivenUp(worker, landed, signal);
  }

  /** What a worker gave up lands or not. */
  private mayBeLost(step: Step): void {
    const land = this.gates.get(step);
    if (!land) return;
    const lose = `${step} lost`;
    void this.gate(lose).then(() => this.gates.delete(step));
    this.gates.set(step, () => {
      this.gates.delete(lose);
      land();
    });
  }

  private async unlessGivenUp(
    worker: string,
    landed: Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    if (!this.setting.mayGiveUp || worker !== 'A') return landed;
    const givenUp = this.gate(`${worker} gives up`).then(() => {
      this.cancelled.abort(new Interruption('SIGTERM'));
      throw signal.reason;
    });
    await Promise.race([landed, givenUp]);
    this.gates.delete(`${worker} gives up`);
  }

  /** The worker sends nothing after it has given up; what was sent before may land. */
  private async replace(worker: string, output: OutputObject, signal: AbortSignal): Promise<void> {
    for (let isTaken = false; !isTaken && !signal.aborted; ) {
      await this.at(`${worker} sees`, async () => void this.replaced.set(worker, this.written));
      if (signal.aborted) return;
      isTaken = await this.at(`${worker} write`, async () => {
        if (this.written !== this.replaced.get(worker)) return false;
        await this.destination.write(output);
        return true;
      });
    }
    this.replaced.delete(worker);
  }

  private async at<Answer>(step: Step, act: () => Promise<Answer>): Promise<Answer> {
    await this.gate(step);
    return act();
  }

  private gate(step: Step): Promise<void> {
    return new Promise((resolve) => {
      this.gates.set(step, () => {
        this.gates.delete(step);
        resolve();
      });
    });
  }
}

/** Resolves when each worker waits at a gate. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 25; turn += 1) await Promise.resolve();
}

const NEVER = new AbortController().signal;
