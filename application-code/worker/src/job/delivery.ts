import type { Clock } from '../clock';
import { type Fault, Interruption, TransientFault } from '../faults';
import type { Log } from '../log';
import type { Heartbeat } from '../queue/heartbeat';
import type { Message } from '../queue/ports';
import { releaseDelaySeconds } from '../queue/release-delay';
import { resendFrom, type Settlement } from '../queue/settlement';
import type { Tally } from '../tally';
import type { Circuit } from './circuit';
import { boundInterruptions } from './interruptions';
import type { JobPorts, JobSettings, SourceResult } from './job';
import { jobLines } from './job-lines';
import { type MessageEntry, readMessage } from './messages';
import { everySource, type JobEnd, RunningJob } from './running-job';
import { withSamples } from './sample-results';
import type { DeliverySamples, SampleCollector } from './samples';
import { type Verdict, verdictOf } from './verdict';

export interface DeliverySettings extends JobSettings {
  readonly jobTimeoutSeconds: number;
  readonly maxAttempts: number;
  readonly maxInterruptions: number;
}

/** What every delivery of a worker shares. */
export interface DeliveryContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly tally: Tally;
  readonly heartbeat: Heartbeat;
  readonly settlement: Settlement;
  readonly circuit: Pick<Circuit, 'record' | 'isOutage' | 'state'>;
  readonly ports: JobPorts;
  /** Absent where outputs are objects of their own. */
  readonly samples?: SampleCollector | undefined;
  /** 1 for the worker's first job. */
  readonly nextJobNumber: () => number;
  /** Called when a cancelled job did not end; its message has been settled all the same. */
  readonly onStuck: (because: JobEnd) => void;
}

/**
 * Time for a job that took too long to end: a decoder can only be waited for, and a program has ten
 * seconds from SIGTERM to SIGKILL.
 */
const TIMEOUT_GRACE_SECONDS = 15;

/**
 * Age of a message up to which its job is blameless in an outage: a long weekend. What only looks
 * like an outage, such as a few objects that may not be read, must end in the dead-letter queue.
 */
export const BLAMELESS_SECONDS = 3 * 86_400;

/**
 * One delivery: a message from its receive until it is settled. It runs the job of the message, and
 * keeps the message hidden meanwhile. The same message may be delivered again, to any worker.
 */
export class Delivery {
  private readonly receivedAt: number;
  private readonly entries: readonly MessageEntry[];
  private readonly job: RunningJob;
  private readonly samples: DeliverySamples | undefined;
  private isLost = false;

  constructor(
    private readonly message: Message,
    private readonly settings: DeliverySettings,
    private readonly context: DeliveryContext,
  ) {
    this.receivedAt = context.clock.now();
    this.entries = readMessage(message.body, settings);
    const { log, ports, nextJobNumber, onStuck } = context;
    const { messageId, receiveCount: attempt, sentAt } = message;
    const delivery = {
      ...{ log, attempt, maxAttempts: settings.maxAttempts, sentAt: new Date(sentAt) },
      nextJobId: () => `${messageId}-${nextJobNumber()}`,
    };
    this.samples = context.samples?.forDelivery(() => this.ownPart());
    const { samples } = this;
    this.job = new RunningJob(this.entries, { settings, ports, delivery, samples, onStuck });
  }

  /**
   * Runs the job, settles the message by its outcome and writes its lines. The heartbeat continues
   * until there is a verdict, also beyond the job timeout: in an outage the probes take longer than
   * the message would stay hidden, and a sample waits for its part. Never rejects.
   * @param onSample called when the job is over and the message waits for a part that other
   *   samples go into.
   */
  async work(onSample: () => void): Promise<void> {
    const { receiptHandle, receiveCount } = this.message;
    const { heartbeat, clock, circuit } = this.context;
    const { maxAttempts, jobTimeoutSeconds } = this.settings;
    const stopHeartbeat = heartbeat.hold(receiptHandle, (code) => this.lost(code));
    const cancelTimeout = clock.after(jobTimeoutSeconds * 1000, () => this.timeOut());
    const made = receiveCount > maxAttempts ? this.workerLost() : await this.job.results();
    cancelTimeout();
    const milliseconds = clock.now() - this.receivedAt;
    const results = this.bounded(await withSamples(made, this.samples, onSample));
    circuit.record(results);
    const isBlameless = await this.isBlameless(results);
    const verdict = verdictOf(results, { receiveCount, maxAttempts, isBlameless });
    const action = await this.settle(verdict, stopHeartbeat);
    this.write(results, action, milliseconds);
  }

  /** Cancels the job, since the worker ends. After the grace it is released without a result. */
  cancel(graceSeconds: number): void {
    this.job.end(new Interruption('The worker had to end.'), 'drain', graceSeconds);
  }

  private ownPart() {
    if (this.message.receiveCount > 1) return 'redelivery';
    return ['open', 'half-open'].includes(this.context.circuit.state) ? 'outage' : undefined;
  }

  private timeOut(): void {
    const { jobTimeoutSeconds } = this.settings;
    const fault = new TransientFault(
      'JobTimeout',
      `The job took more than ${jobTimeoutSeconds} seconds; raise JOB_TIMEOUT_SECONDS if it ` +
        'needs more.',
    );
    this.job.end(fault, 'timeout', TIMEOUT_GRACE_SECONDS);
  }

  /**
   * Another worker may hold the message now, so the job must not begin to write. If it has begun,
   * it may have replaced what the other worker wrote, who may be done: then it continues until it
   * ends on the newest source.
   */
  private lost(code: string): void {
    const { log, tally } = this.context;
    this.isLost = true;
    tally.lostReceipt();
    log('warn', { event: 'receipt-lost', verb: 'extend', messageId: this.message.messageId, code });
    if (!this.job.hasWritten)
      this.job.end(new Interruption(`The message is no longer ours: ${code}.`), 'lost');
  }

  private async isBlameless(results: readonly SourceResult[]): Promise<boolean> {
    const { receiveCount, sentAt } = this.message;
    const { clock, circuit } = this.context;
    if ((clock.now() - sentAt) / 1000 > BLAMELESS_SECONDS) return false;
    return circuit.isOutage(results, attemptOf(receiveCount, this.settings.maxAttempts));
  }

  /** Another worker that holds the message now says itself what comes of it. */
  private bounded(results: readonly SourceResult[]): readonly SourceResult[] {
    const { maxInterruptions } = this.settings;
    const { interruptions } = this.message;
    return this.isLost ? results : boundInterruptions(results, { interruptions, maxInterruptions });
  }

  private workerLost(): readonly SourceResult[] {
    const { receiveCount } = this.message;
    const fault = new TransientFault(
      'WorkerLost',
      `The message was received ${receiveCount} times without an outcome, more than its ` +
        `${this.settings.maxAttempts} attempts: its workers were lost while they worked on it.`,
    );
    return everySource(this.entries, (key) => ({ outcome: 'failed', key, fault }));
  }

  /** Returns what was really done: a dead letter that cannot be sent becomes a release. */
  private async settle(
    verdict: Verdict,
    stopHeartbeat: () => Promise<void>,
  ): Promise<Verdict['action']> {
    const { settlement } = this.context;
    switch (verdict.action) {
      case 'acknowledge':
        void settlement.acknowledge(this.message);
        break;
      case 'release':
        await this.release(verdict, stopHeartbeat);
        break;
      case 'dead-letter':
        return this.deadLetter(verdict.fault, verdict.key, stopHeartbeat);
    }
    void stopHeartbeat();
    return verdict.action;
  }

  private async release(
    { isDelayed, isBlameless, isInterrupted = false }: Extract<Verdict, { action: 'release' }>,
    stopHeartbeat: () => Promise<void>,
  ): Promise<void> {
    await stopHeartbeat();
    const { isLost, message } = this;
    const { hasWritten } = this.job;
    if (isLost && !hasWritten) return;
    const { settlement, random } = this.context;
    const times = isInterrupted ? message.interruptions + 1 : message.receiveCount;
    const delaySeconds = isDelayed ? releaseDelaySeconds(times, random) : 0;
    const how = { isBlameless: isBlameless || isLost, isInterrupted: isInterrupted && !isLost };
    void settlement.release(message, { delaySeconds, hasWritten, ...how });
  }

  private async deadLetter(
    fault: Fault,
    sourceKey: string | undefined,
    stopHeartbeat: () => Promise<void>,
  ): Promise<Verdict['action']> {
    const { settlement, clock, log } = this.context;
    const { body, receiveCount, messageId } = this.message;
    try {
      await settlement.deadLetter({ body, fault, sourceKey, receiveCount, failedAt: clock.now() });
    } catch (error) {
      log('error', { event: 'dead-letter-failed', messageId, error });
      await this.release({ action: 'release', isDelayed: true, isBlameless: false }, stopHeartbeat);
      return 'release';
    }
    void settlement.acknowledge(this.message);
    void stopHeartbeat();
    return 'dead-letter';
  }

  private write(
    results: readonly SourceResult[],
    action: Verdict['action'],
    milliseconds: number,
  ): void {
    const { log, tally } = this.context;
    for (const line of jobLines(results, action, this.message, milliseconds)) {
      tally.job(line);
      log(LEVELS[line.outcome] ?? 'info', line);
    }
  }
}

function attemptOf(receiveCount: number, maxAttempts: number): 'early' | 'late' | 'last' {
  if (receiveCount >= maxAttempts) return 'last';
  return receiveCount >= resendFrom(maxAttempts) ? 'late' : 'early';
}

const LEVELS: Partial<Record<string, 'warn' | 'error'>> = {
  released: 'warn',
  'dead-lettered': 'error',
};
