import type { Circuit } from './circuit';
import type { Clock } from './clock';
import { type Fault, TransientFault } from './faults';
import {
  Interruption,
  type JobPorts,
  type JobSettings,
  runJob,
  type SourceResult,
  withoutWork,
} from './job/job';
import { jobLines } from './job/job-lines';
import { type MessageEntry, readMessage } from './job/messages';
import { type Verdict, verdictOf } from './job/verdict';
import type { Log } from './log';
import type { Heartbeat } from './queue/heartbeat';
import type { Message } from './queue/ports';
import { releaseDelaySeconds } from './queue/release-delay';
import { renewFrom, type Settlement } from './queue/settlement';
import type { Tally } from './tally';

export interface HeldJobSettings extends JobSettings {
  readonly jobTimeoutSeconds: number;
  readonly maxAttempts: number;
}

export interface HeldJobSeams {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly tally: Tally;
  readonly heartbeat: Heartbeat;
  readonly settlement: Settlement;
  readonly circuit: Pick<Circuit, 'saw' | 'excuses'>;
  readonly ports: JobPorts;
  /**
   * The job did not come back when it was called off; its message has been settled all the same.
   */
  readonly onStuck: (because: 'timeout' | 'drain') => void;
}

/**
 * Time for a job that took too long to come back: a decoder cannot be broken off, only waited for.
 */
const TIMEOUT_GRACE_SECONDS = 10;

/**
 * Age up to which an outage excuses a job, which is a long weekend: what only looks like an outage,
 * such as a few objects that nobody may read, must end in the dead-letter queue at last.
 */
export const EXCUSED_SECONDS = 3 * 86_400;

/** One message from its receive to its settling. */
export class HeldJob {
  private readonly calledOff = new AbortController();
  private readonly receivedAt: number;
  private readonly entries: readonly MessageEntry[];
  private isOver = false;
  private isLost = false;
  private hasWritten = false;
  /** Ends the wait for a job that does not come back. */
  private abandon: (results: undefined) => void = () => undefined;
  private abandonedBecause: 'timeout' | 'drain' = 'drain';

  constructor(
    private readonly message: Message,
    private readonly settings: HeldJobSettings,
    private readonly seams: HeldJobSeams,
  ) {
    this.receivedAt = seams.clock.now();
    this.entries = readMessage(message.body, settings);
  }

  /**
   * Does the job, settles the message by its outcome and writes its lines. The heartbeat goes on
   * until there is a verdict, beyond the job timeout, too: in an outage the probes take longer than
   * the message would stay hidden. Never rejects.
   */
  async work(): Promise<void> {
    const { receiptHandle, receiveCount } = this.message;
    const { heartbeat, clock } = this.seams;
    const stopHeartbeat = heartbeat.hold(receiptHandle, (code) => this.lost(code));
    const cancelTimeout = clock.after(this.settings.jobTimeoutSeconds * 1000, () => this.timeOut());
    const results =
      receiveCount > this.settings.maxAttempts ? this.workerLost() : await this.results();
    cancelTimeout();
    this.seams.circuit.saw(results);
    const isExcused = await this.isExcused(results);
    const action = await this.settle(
      verdictOf(results, receiveCount, this.settings.maxAttempts, isExcused),
      stopHeartbeat,
    );
    this.isOver = true;
    this.write(results, action);
  }

  /**
   * Calls the job off, because the worker has to end; a job that is not back after the grace is
   * released without it.
   */
  callOff(graceSeconds: number): void {
    this.cancel(new Interruption('The worker had to end.'), 'drain', graceSeconds);
  }

  private timeOut(): void {
    const fault = new TransientFault(
      'JobTimeout',
      `The job took more than ${this.settings.jobTimeoutSeconds} seconds; raise JOB_TIMEOUT_SECONDS if it is entitled to more.`,
    );
    this.cancel(fault, 'timeout', TIMEOUT_GRACE_SECONDS);
  }

  /**
   * Another worker may have the message by now, so that nothing is begun to be written; the decoder
   * may finish. What has been written may be older than what the other one wrote, who may be done
   * by now: then the job goes on until it ends on the newest.
   */
  private lost(code: string): void {
    const { log, tally } = this.seams;
    this.isLost = true;
    tally.lostReceipt();
    log('warn', { event: 'receipt-lost', verb: 'extend', messageId: this.message.messageId, code });
    if (!this.hasWritten)
      this.calledOff.abort(new Interruption(`The message is no longer ours: ${code}.`));
  }

  private cancel(reason: Error, because: 'timeout' | 'drain', graceSeconds: number): void {
    this.calledOff.abort(reason);
    this.seams.clock.after(graceSeconds * 1000, () => {
      if (this.isOver) return;
      this.abandonedBecause = because;
      this.abandon(undefined);
    });
  }

  private async results(): Promise<readonly SourceResult[]> {
    const signal = this.calledOff.signal;
    const abandoned = new Promise<undefined>((resolve) => {
      this.abandon = resolve;
    });
    const onWrite = () => {
      this.hasWritten = true;
    };
    const { settings, seams } = this;
    const job = runJob(this.entries, { settings, ports: seams.ports, signal, onWrite });
    const results = await Promise.race([job, abandoned]);
    if (results) return results;
    this.seams.onStuck(this.abandonedBecause);
    const { reason } = signal;
    return this.everySource((key) =>
      reason instanceof Interruption
        ? { outcome: 'interrupted', key, because: reason.message }
        : { outcome: 'failed', key, fault: reason as Fault },
    );
  }

  private async isExcused(results: readonly SourceResult[]): Promise<boolean> {
    const { receiveCount, sentAt } = this.message;
    const ageSeconds = (this.seams.clock.now() - sentAt) / 1000;
    if (ageSeconds > EXCUSED_SECONDS) return false;
    return this.seams.circuit.excuses(results, attemptOf(receiveCount, this.settings.maxAttempts));
  }

  private workerLost(): readonly SourceResult[] {
    const { receiveCount } = this.message;
    const fault = new TransientFault(
      'WorkerLost',
      `The message was received ${receiveCount} times, more than the ${this.settings.maxAttempts} attempts it has, without an outcome: its workers were lost while they worked on it.`,
    );
    return this.everySource((key) => ({ outcome: 'failed', key, fault }));
  }

  private everySource(result: (key: string) => SourceResult): readonly SourceResult[] {
    return this.entries.map((entry) =>
      entry.kind === 'source' ? result(entry.key) : withoutWork(entry),
    );
  }

  /** Gives what was really done: a dead letter that cannot be sent becomes a release. */
  private async settle(
    verdict: Verdict,
    stopHeartbeat: () => Promise<void>,
  ): Promise<Verdict['action']> {
    const { settlement } = this.seams;
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
    { isDelayed, isBlameless }: Extract<Verdict, { action: 'release' }>,
    stopHeartbeat: () => Promise<void>,
  ): Promise<void> {
    await stopHeartbeat();
    if (this.isLost && !this.hasWritten) return;
    const delay = isDelayed ? releaseDelaySeconds(this.message.receiveCount, this.seams.random) : 0;
    const { settlement } = this.seams;
    if (this.hasWritten) void settlement.owe(this.message, delay, isBlameless || this.isLost);
    else if (isBlameless) void settlement.giveBack(this.message, delay);
    else void settlement.release(this.message, delay);
  }

  private async deadLetter(
    fault: Fault,
    sourceKey: string | undefined,
    stopHeartbeat: () => Promise<void>,
  ): Promise<Verdict['action']> {
    const { settlement, clock, log } = this.seams;
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

  private write(results: readonly SourceResult[], action: Verdict['action']): void {
    const { clock, log, tally } = this.seams;
    for (const line of jobLines(results, action, this.message, clock.now() - this.receivedAt)) {
      tally.job(line);
      log(LEVELS[line.outcome] ?? 'info', line);
    }
  }
}

function attemptOf(receiveCount: number, maxAttempts: number): 'early' | 'late' | 'last' {
  if (receiveCount >= maxAttempts) return 'last';
  return receiveCount >= renewFrom(maxAttempts) ? 'late' : 'early';
}

const LEVELS: Partial<Record<string, 'warn' | 'error'>> = {
  released: 'warn',
  'dead-lettered': 'error',
};
