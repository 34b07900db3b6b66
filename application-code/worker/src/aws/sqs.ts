import type { BatchResultErrorEntry, Message as SqsMessage } from '@aws-sdk/client-sqs';
import type {
  BatchFailure,
  DeadLetter,
  DeadLetterQueue,
  JobToResend,
  Message,
  VisibilityChange,
  WorkQueue,
} from '../queue/ports';
import type { SqsCalls } from './calls';

/**
 * Attribute of a message that is sent again: when the job was first sent, in milliseconds since the
 * epoch.
 */
const FIRST_SENT_AT = 'FirstSentAt';
/** Attribute of a message that is sent again: how often its job was interrupted. */
const INTERRUPTIONS = 'Interruptions';

/** A work queue on SQS. */
export class SqsWorkQueue implements WorkQueue {
  constructor(
    private readonly calls: SqsCalls,
    private readonly queueUrl: string,
    private readonly visibilityTimeoutSeconds: number,
  ) {}

  async receive(maxMessages: number, waitSeconds: number, signal: AbortSignal): Promise<Message[]> {
    const input = {
      QueueUrl: this.queueUrl,
      MaxNumberOfMessages: maxMessages,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: this.visibilityTimeoutSeconds,
      MessageSystemAttributeNames: ['ApproximateReceiveCount' as const, 'SentTimestamp' as const],
      MessageAttributeNames: [FIRST_SENT_AT, INTERRUPTIONS],
    };
    const { Messages = [] } = await this.calls.receiveMessage(input, signal);
    return Messages.map(messageOf);
  }

  async acknowledge(receiptHandles: readonly string[]): Promise<BatchFailure[]> {
    const Entries = receiptHandles.map((ReceiptHandle, index) => ({
      Id: String(index),
      ReceiptHandle,
    }));
    const { Failed = [] } = await this.calls.deleteMessageBatch({
      QueueUrl: this.queueUrl,
      Entries,
    });
    return Failed.map((failure) => failureOf(failure, receiptHandles));
  }

  async changeVisibility(changes: readonly VisibilityChange[]): Promise<BatchFailure[]> {
    const Entries = changes.map(({ receiptHandle, visibilityTimeoutSeconds }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: visibilityTimeoutSeconds,
    }));
    const { Failed = [] } = await this.calls.changeMessageVisibilityBatch({
      QueueUrl: this.queueUrl,
      Entries,
    });
    const receiptHandles = changes.map(({ receiptHandle }) => receiptHandle);
    return Failed.map((failure) => failureOf(failure, receiptHandles));
  }

  async resend(jobs: readonly JobToResend[]): Promise<BatchFailure[]> {
    const Entries = jobs.map(({ body, sentAt, interruptions, delaySeconds }, index) => ({
      Id: String(index),
      MessageBody: body,
      DelaySeconds: delaySeconds,
      MessageAttributes: {
        [FIRST_SENT_AT]: numberAttribute(sentAt),
        ...(interruptions > 0 && { [INTERRUPTIONS]: numberAttribute(interruptions) }),
      },
    }));
    const { Failed = [] } = await this.calls.sendMessageBatch({ QueueUrl: this.queueUrl, Entries });
    const receiptHandles = jobs.map(({ receiptHandle }) => receiptHandle);
    return Failed.map((failure) => failureOf(failure, receiptHandles));
  }
}

/** A dead-letter queue on SQS. */
export class SqsDeadLetterQueue implements DeadLetterQueue {
  constructor(
    private readonly calls: SqsCalls,
    private readonly queueUrl: string,
  ) {}

  async send({ body, attributes }: DeadLetter): Promise<void> {
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [
        name,
        { DataType: 'String', StringValue: value },
      ]),
    );
    await this.calls.sendMessage({ QueueUrl: this.queueUrl, MessageBody: body, MessageAttributes });
  }
}

function numberAttribute(value: number) {
  return { DataType: 'Number', StringValue: String(value) };
}

function messageOf({
  MessageId,
  ReceiptHandle,
  Body,
  Attributes,
  MessageAttributes,
}: SqsMessage): Message {
  const firstSentAt = MessageAttributes?.[FIRST_SENT_AT]?.StringValue;
  return {
    messageId: MessageId ?? '',
    receiptHandle: ReceiptHandle ?? '',
    body: Body ?? '',
    receiveCount: Number(Attributes?.ApproximateReceiveCount ?? 1),
    sentAt: Number(firstSentAt ?? Attributes?.SentTimestamp ?? 0),
    interruptions: Number(MessageAttributes?.[INTERRUPTIONS]?.StringValue) || 0,
  };
}

/** Throttles are called the sender's fault by the service, though repeating them later helps. */
const WORTH_REPEATING = /Throttl|OverLimit|ServiceUnavailable|Internal/;

function failureOf(
  { Id, Code, SenderFault }: BatchResultErrorEntry,
  receiptHandles: readonly string[],
): BatchFailure {
  const code = Code ?? 'Unknown';
  return {
    receiptHandle: receiptHandles[Number(Id)] ?? '',
    code,
    senderFault: SenderFault === true && !WORTH_REPEATING.test(code),
  };
}
