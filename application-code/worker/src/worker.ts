import { pause, systemClock } from './clock';
import { Interruption } from './faults';
import { Circuit, type CircuitState } from './job/circuit';
import { Delivery } from './job/delivery';
import type { JobEnd } from './job/running-job';
import type { SummaryLine } from './log-lines';
import { Deliveries } from './queue/deliveries';
import { Heartbeat } from './queue/heartbeat';
import type { Message } from './queue/ports';
import { releaseDelaySeconds } from './queue/release-delay';
import { resendFrom, Settlement } from './queue/settlement';
import { Tally } from './tally';
import { drainTimes, exitCodeOf, reasonOf, type WorkerEnd } from './worker-end';
import type { WorkerPorts, WorkerSeams, WorkerSettings } from './worker-options';

/**
 * At most, and at most a quarter of the visibility timeout: a message stays hidden that long even
 * if every heartbeat fails.
 */
const MAX_DOUBT_SECONDS = 30;
/** Least time for the last requests. Without it a message would stay hidden for minutes. */
const LEAST_FLUSH_SECONDS = 1;

/**
 * Drains a work queue. A worker takes deliveries, and each delivery runs a job. It is in one of
 * three states:
 *
 * - **running**: receives messages while it has free slots, and does a job for each. It leaves this
 *   state when the queue has been empty for the idle time with no job in hand (`idle`), when it has
 *   done as many as it may (`job-limit`), when it is too old (`task-age`), on SIGTERM (`drained`),
 *   when a decoder does not end (`job-timeout`), when the buckets have failed for ten minutes, or
 *   for the last of the jobs that it may do (`outage`), or when the queue cannot be reached
 *   (`error`). The first reason stays. The circuit says how many messages it may hold: none while
 *   the buckets fail.
 * - **draining**: opens no polls; what an open poll still brings is released at once. Jobs in hand
 *   are finished, each bounded by the job timeout alone. SIGTERM sets a deadline, whatever the
 *   reason of the drain was: shortly before it the jobs that are left are cancelled and released;
 *   at once if the workload's `onInterruption` is `stop`.
 * - **ended**: every message has been settled, or settling it was given up at the deadline. Nothing
 *   is held.
 */
export class Worker {
  private readonly deliveries: Deliveries;
  private readonly heartbeat: Heartbeat;
  private readonly settlement: Settlement;
  private readonly circuit: Circuit;
  /** Deliveries whose jobs are under way, each with the end of its job. */
  private readonly working = new Map<Delivery, Promise<void>>();
  /** All that are not settled: those, and samples that wait for their part. */
  private readonly held = new Set<Promise<void>>();
  private readonly timers: (() => void)[] = [];
  private reason: SummaryLine['reason'] | undefined;
  private deadlineAt: number | undefined;
  private abandonedJobs = 0;
  private jobs = 0;

  constructor(
    private readonly ports: WorkerPorts,
    private readonly settings: WorkerSettings,
    private readonly seams: WorkerSeams,
  ) {
    const { clock, random, log, tally } = seams;
    const { visibilityTimeoutSeconds, maxAttempts, jobConcurrency } = settings;
    this.settlement = new Settlement(ports.queue, ports.deadLetters, {
      ...{ clock, random, log },
      resendFrom: resendFrom(maxAttempts),
      hasJobs: () => this.working.size > 0,
      onLostReceipt: () => tally.lostReceipt(),
    });
    this.circuit = new Circuit({
      ...{ clock, random },
      probe: async (signal) => {
        await Promise.all([ports.sources.probe(signal), ports.destination.probe(signal)]);
      },
      jobLimit: settings.jobLimit,
      doubtSeconds: Math.min(MAX_DOUBT_SECONDS, visibilityTimeoutSeconds / 4),
      onChange: (state, before) => this.circuitIs(state, before),
      onGiveUp: () => this.drain('outage'),
    });
    this.heartbeat = new Heartbeat(
      (change) => this.settlement.extend(change),
      visibilityTimeoutSeconds,
      clock,
    );
    this.deliveries = new Deliveries(ports.queue, {
      ...settings,
      ...{ slots: jobConcurrency, clock, random },
      onLate: (messages) => this.releaseLate(messages),
      onReceiveError: (error) => log('warn', { event: 'receive-failed', error }),
    });
  }

  /** Works until there is a reason to end. Rejects only on a defect. To be called once. */
  async run(): Promise<WorkerEnd> {
    this.after(this.settings.maxTaskSeconds, () => this.drain('task-age'));
    for await (const message of this.deliveries) this.begin(message);
    // The last jobs still tell an outage of the buckets from their own faults.
    if (this.deliveries.end !== 'stopped') await this.finish();
    this.drain(reasonOf(this.deliveries.end, this.circuit.state));
    await this.finish();
    await this.flush();
    for (const cancel of this.timers) cancel();
    const { reason = 'error', abandonedJobs } = this;
    return { reason, exitCode: exitCodeOf(reason, this.seams.tally), abandonedJobs };
  }

  /**
   * Begins the drain; `run` resolves when it is over. The first reason stays. `drained` is that of
   * SIGTERM.
   */
  drain(reason: SummaryLine['reason'] = 'drained'): void {
    const isFirst = this.reason === undefined;
    this.reason ??= reason;
    const isInterruption = reason === 'drained' && this.deadlineAt === undefined;
    if (!isFirst && !isInterruption) return;
    this.seams.log('info', { event: 'draining', reason, jobs: this.working.size });
    if (isFirst) this.takeNothing();
    if (isInterruption) this.setDeadline();
  }

  private takeNothing(): void {
    this.deliveries.stop();
    this.circuit.end();
    const { giveUp } = drainTimes(this.settings.drainDeadlineSeconds);
    this.after(giveUp, () => this.deliveries.abort());
  }

  private async finish(): Promise<void> {
    await Promise.all(this.working.values());
    this.ports.samples?.close('end');
    await Promise.all(this.held);
  }

  private setDeadline(): void {
    const { drainDeadlineSeconds, onInterruption } = this.settings;
    this.deadlineAt = this.seams.clock.now() + drainDeadlineSeconds * 1000;
    const { cancelJobs, giveUp } = drainTimes(drainDeadlineSeconds);
    const cancel = () => this.cancelJobs(giveUp - cancelJobs);
    if (onInterruption === 'stop') cancel();
    else this.after(cancelJobs, cancel);
    // What is made until now is written at once, since the next part may not be in time.
    this.ports.samples?.close('end');
    const tooLate = new Interruption('The worker had to end before the part was written.');
    this.after(giveUp, () => this.ports.samples?.abort(tooLate));
  }

  private after(seconds: number, callback: () => void): void {
    this.timers.push(this.seams.clock.after(seconds * 1000, callback));
  }

  private async flush(): Promise<void> {
    const { clock } = this.seams;
    const { deadlineAt = clock.now() + this.settings.drainDeadlineSeconds * 1000 } = this;
    const left = Math.max(deadlineAt - clock.now(), LEAST_FLUSH_SECONDS * 1000);
    const isFlushed = new AbortController();
    const flushed = this.settlement.flush().then(() => isFlushed.abort());
    await Promise.race([flushed, pause(clock, left, isFlushed.signal)]);
  }

  private begin(message: Message): void {
    const { ports, settings, seams, heartbeat, settlement, circuit } = this;
    const delivery = new Delivery(message, settings, {
      ...seams,
      ...{ heartbeat, settlement, circuit },
      ...{ ports: { ...ports, clock: seams.clock }, samples: ports.samples },
      nextJobNumber: () => {
        this.jobs += 1;
        return this.jobs;
      },
      onStuck: (because) => this.stuck(because),
    });
    const job = new Promise<void>((resolve) => {
      const free = () => {
        if (this.working.delete(delivery)) this.deliveries.free();
        resolve();
      };
      const held = delivery.work(free).finally(() => {
        free();
        this.held.delete(held);
        if (this.working.size === 0) settlement.sendAcknowledgements();
      });
      this.held.add(held);
    });
    this.working.set(delivery, job);
  }

  private circuitIs(state: CircuitState, before: CircuitState): void {
    if (state === 'ended') return;
    const { log, tally } = this.seams;
    if (state === 'open' && before === 'closed') tally.circuitOpened();
    const { code: faultCode, message: faultMessage } = this.circuit.lastFault ?? {};
    if (state === 'open') log('error', { event: 'circuit-open', before, faultCode, faultMessage });
    else log('info', { event: `circuit-${state}`, before });
    const slots = { closed: this.settings.jobConcurrency, open: 0, 'half-open': 1 };
    this.deliveries.allow(slots[state]);
    if (state === 'open') this.ports.samples?.close('outage');
  }

  private stuck(because: JobEnd): void {
    this.abandonedJobs += 1;
    if (because === 'timeout') this.drain('job-timeout');
  }

  private cancelJobs(graceSeconds: number): void {
    for (const delivery of this.working.keys()) delivery.cancel(graceSeconds);
  }

  private releaseLate(messages: readonly Message[]): void {
    if (messages.length === 0) return;
    const { log, random } = this.seams;
    log('info', { event: 'late-messages-released', messages: messages.length });
    const isOutage = this.circuit.state === 'open';
    for (const message of messages) {
      const delaySeconds = isOutage ? releaseDelaySeconds(message.receiveCount, random) : 0;
      void this.settlement.release(message, { delaySeconds, isBlameless: true });
    }
  }
}

/** A worker on these ports. Seams that are not given are real. */
export function createWorker(
  ports: WorkerPorts,
  settings: WorkerSettings,
  seams: Partial<WorkerSeams> = {},
): Worker {
  const real: WorkerSeams = {
    clock: systemClock,
    random: Math.random,
    log: () => undefined,
    tally: new Tally(),
  };
  return new Worker(ports, settings, { ...real, ...seams });
}
