import type { EventLine, Log } from '../../../application-code/worker/src/log';
import type {
  JobLine,
  PartLine,
  SummaryLine,
} from '../../../application-code/worker/src/log-lines';
import { Tally } from '../../../application-code/worker/src/tally';
import { createWorker, type Worker } from '../../../application-code/worker/src/worker';
import type { WorkerEnd } from '../../../application-code/worker/src/worker-end';
import type { WorkerSettings } from '../../../application-code/worker/src/worker-options';
import { FakeClock } from '../clock';
import { FakeDeadLetterQueue, FakeQueue } from '../queue';
import { s3Event } from './events';
import { FakeOutputs, FakeProcessor, FakeSources, planOf } from './fake-buckets';
import { FakePartFiles, type GivenParts, partsIn, partsOf, type WrittenPart } from './fake-parts';

const SETTINGS: WorkerSettings = {
  sourceBucket: 'photos',
  sourcePrefix: 'ecsproc/',
  destinationPrefix: 'processed/',
  outputs: [planOf('s')],
  maxSourceBytes: 1000,
  jobConcurrency: 4,
  visibilityTimeoutSeconds: 60,
  jobTimeoutSeconds: 50,
  maxAttempts: 3,
  maxInterruptions: 20,
  idleExitSeconds: 20,
  maxTaskSeconds: 3600,
  drainDeadlineSeconds: 40,
  onInterruption: 'finish',
};

type Line = JobLine | PartLine | SummaryLine | EventLine;

/** A worker and everything around it, on a clock that goes only when it is told to. */
export class WorkerUnderTest {
  readonly settings: WorkerSettings;
  readonly clock = new FakeClock();
  readonly queue: FakeQueue;
  readonly deadLetters = new FakeDeadLetterQueue();
  readonly sources = new FakeSources();
  readonly destination = new FakeOutputs();
  readonly processor = new FakeProcessor(['s']);
  readonly tally = new Tally();
  readonly files = new FakePartFiles();
  /** Given for a dataset; without it outputs are objects. */
  dataset: GivenParts | undefined;
  readonly lines: Line[] = [];
  end: WorkerEnd | undefined;
  /** Messages that were visible when the worker ended. */
  visibleAtEnd: number | undefined;

  constructor(changed: Partial<WorkerSettings> = {}) {
    this.settings = { ...SETTINGS, ...changed };
    this.queue = new FakeQueue(this.clock, this.settings.visibilityTimeoutSeconds);
  }

  /** Enqueues `count` source objects that exist. */
  enqueue(count: number, receiveCount = 0): void {
    for (let index = 0; index < count; index += 1) {
      this.sources.put(`ecsproc/${index}`, `body ${index}`);
      this.queue.send(s3Event(`ecsproc/${index}`), receiveCount);
    }
  }

  start(changed: Partial<WorkerSettings> = {}): Worker {
    const { clock, tally } = this;
    const log: Log = (_level, line) => void this.lines.push(line);
    const seams = { clock, random: () => 0, tally, log };
    const settings = { ...this.settings, ...changed };
    const { files, dataset, destination } = this;
    const samples = dataset && partsOf(settings, destination, { ...seams, files, ...dataset });
    const worker = createWorker({ ...this.ports(), samples }, settings, seams);
    void worker.run().then((end) => {
      this.end = end;
      this.visibleAtEnd = this.queue.visible;
    });
    return worker;
  }

  private ports() {
    const { queue, deadLetters, sources, destination, processor } = this;
    return { queue, deadLetters, sources, destination, processor };
  }

  get parts(): readonly WrittenPart[] {
    return partsIn(this.destination.written);
  }

  /** Makes each render take this long, whatever its signal says, as a decoder does. */
  renderFor(seconds: number): void {
    this.processor.during = () =>
      new Promise((resolve) => void this.clock.after(seconds * 1000, () => resolve()));
  }

  get outcomes(): string[] {
    return this.lines.flatMap((line) => (line.event === 'job' ? [(line as JobLine).outcome] : []));
  }

  linesOf(event: string): Line[] {
    return this.lines.filter((line) => line.event === event);
  }
}
