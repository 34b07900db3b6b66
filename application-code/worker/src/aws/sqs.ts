import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
  type Message as SqsMessage,
} from '@aws-sdk/client-sqs';
import type {
  BatchFailure,
  DeadLetter,
  DeadLetterQueue,
  Message,
  Renewal,
  VisibilityChange,
  WorkQueue,
} from '../queue/ports';

/** Attribute of a renewed message: when the job was first sent, in milliseconds since the epoch. */
const FIRST_SENT_AT = 'FirstSentAt';

/** A work queue on SQS. */
export class SqsWorkQueue implements WorkQueue {
  constructor(
    private readonly client: SQSClient,
    private readonly queueUrl: string,
    private readonly visibilityTimeoutSeconds: number,
  ) {}

  async receive(maxMessages: number, waitSeconds: number, signal: AbortSignal): Promise<Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.queueUrl,
      MaxNumberOfMessages: maxMessages,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: this.visibilityTimeoutSeconds,
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
      MessageAttributeNames: [FIRST_SENT_AT],
    });
    const { Messages = [] } = await this.client.send(command, { abortSignal: signal });
    return Messages.map(messageOf);
  }

  async acknowledge(receiptHandles: readonly string[]): Promise<BatchFailure[]> {
    const Entries = receiptHandles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
    const command = new DeleteMessageBatchCommand({ QueueUrl: this.queueUrl, Entries });
    const { Failed = [] } = await this.client.send(command);
    return Failed.map((failure) => failureOf(failure, receiptHandles));
  }

  async changeVisibility(changes: readonly VisibilityChange[]): Promise<BatchFailure[]> {
    const Entries = changes.map(({ receiptHandle, visibilityTimeoutSeconds }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: visibilityTimeoutSeconds,
    }));
    const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.queueUrl, Entries });
    const { Failed = [] } = await this.client.send(command);
    const receiptHandles = changes.map(({ receiptHandle }) => receiptHandle);
    return Failed.map((failure) => failureOf(failure, receiptHandles));
  }

  async renew(renewals: readonly Renewal[]): Promise<BatchFailure[]> {
    const Entries = renewals.map(({ body, sentAt, delaySeconds }, index) => ({
      Id: String(index),
      MessageBody: body,
      DelaySeconds: delaySeconds,
      MessageAttributes: { [FIRST_SENT_AT]: { DataType: 'Number', StringValue: String(sentAt) } },
    }));
    const command = new SendMessageBatchCommand({ QueueUrl: this.queueUrl, Entries });
    const { Failed = [] } = await this.client.send(command);
    const receiptHandles = renewals.map(({ receiptHandle }) => receiptHandle);
    return Failed.map((failure) => failureOf(failure, receiptHandles));
  }
}

/** A dead-letter queue on SQS. */
export class SqsDeadLetterQueue implements DeadLetterQueue {
  constructor(
    private readonly client: SQSClient,
    private readonly queueUrl: string,
  ) {}

  async send({ body, attributes }: DeadLetter): Promise<void> {
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
    );
    await this.client.send(
      new SendMessageCommand({ QueueUrl: this.queueUrl, MessageBody: body, MessageAttributes }),
    );
  }
}

function messageOf({ MessageId, ReceiptHandle, Body, Attributes, MessageAttributes }: SqsMessage): Message {
  const firstSentAt = MessageAttributes?.[FIRST_SENT_AT]?.StringValue;
  return {
    messageId: MessageId ?? '',
    receiptHandle: ReceiptHandle ?? '',
    body: Body ?? '',
    receiveCount: Number(Attributes?.ApproximateReceiveCount ?? 1),
    sentAt: Number(firstSentAt ?? Attributes?.SentTimestamp ?? 0),
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
