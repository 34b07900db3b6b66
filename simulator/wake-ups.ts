import type { WakeUps as WakeQueue } from '../lambda/scaler/ports';
import type { BatchResponse, UploadEvent, UploadRecord } from '../lambda/scaler/uploads';
import type { Agenda } from './agenda';
import type { Cohort } from './message-queue';

/** The queue and its mapping, as they are deployed. */
export interface WakeUpSettings {
  readonly retentionSeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly batchSize: number;
}

/**
 * From an upload to its run. S3 says that most events arrive within seconds:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
 */
const LATENCY_SECONDS = 1;
/**
 * Lambda has two to five long polls of twenty seconds at a time where there is little to receive:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const POLLS_PER_SECOND = 5 / 20;

interface Message {
  readonly second: number;
  receives: number;
}

/**
 * Uploads on their way to the scaler: one message for each second, all of one group, of which none
 * is received while one is hidden. A lot of uploads counts as one second.
 */
export class WakeUps implements WakeQueue {
  private uploads = 0;
  private requests = 0;
  private runs = 0;
  private messages: Message[] = [];
  private lastSecond = -1;
  private hiddenUntil = 0;
  private isPlanned = false;

  constructor(
    private readonly agenda: Agenda,
    private readonly settings: WakeUpSettings,
    private readonly run: (event: UploadEvent) => Promise<BatchResponse>,
  ) {}

  /** A message that SQS delivers again is of no upload. */
  arrive({ count, isDuplicate }: Cohort): void {
    if (isDuplicate) return;
    this.uploads += count;
    const second = Math.floor(this.agenda.now);
    if (second === this.lastSecond) return;
    this.lastSecond = second;
    this.messages.push({ second, receives: 0 });
    this.planNext(this.agenda.now + LATENCY_SECONDS);
  }

  async hide(_upload: UploadRecord, seconds: number): Promise<void> {
    this.requests += 1;
    this.hiddenUntil = this.agenda.now + seconds;
  }

  /** So far, with a send for each upload, of which a flood's are mostly dropped. */
  usage() {
    const polls = Math.ceil(this.agenda.now * POLLS_PER_SECOND);
    const { uploads: events, runs } = this;
    return { events, requests: events + this.requests + polls, runs };
  }

  private planNext(at: number): void {
    if (this.isPlanned) return;
    this.isPlanned = true;
    this.agenda.at(Math.max(at, this.hiddenUntil), () => this.deliver());
  }

  private async deliver(): Promise<void> {
    this.isPlanned = false;
    const { agenda, settings } = this;
    const oldest = agenda.now - settings.retentionSeconds;
    this.messages = this.messages.filter(({ second }) => second >= oldest);
    const batch = this.messages.splice(0, settings.batchSize);
    if (batch.length === 0) return;
    for (const message of batch) message.receives += 1;
    this.runs += 1;
    this.hiddenUntil = agenda.now;
    const { batchItemFailures } = await this.run({ Records: batch.map(recordOf) });
    const kept = batch.filter(({ second }) =>
      batchItemFailures.some(({ itemIdentifier }) => itemIdentifier === `${second}`),
    );
    // Lambda deletes those of a batch together.
    this.requests += kept.length === batch.length ? 1 : 2;
    this.messages.unshift(...kept);
    if (this.messages.length > 0) this.planNext(agenda.now);
  }
}

function recordOf({ second, receives }: Message): UploadRecord {
  return {
    messageId: `${second}`,
    receiptHandle: `${second}`,
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:wake.fifo',
    attributes: { ApproximateReceiveCount: `${receives}` },
  };
}
