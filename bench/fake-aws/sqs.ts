import { createHash } from 'node:crypto';
import type { FakeQueue } from '../../test/fakes/queue';
import type { Answer } from './s3';

/** The parts of SQS's requests that are read here. */
interface SqsRequest {
  readonly MaxNumberOfMessages?: number;
  readonly WaitTimeSeconds?: number;
  readonly ReceiptHandle?: string;
  readonly VisibilityTimeout?: number;
  readonly Entries?: readonly {
    readonly Id: string;
    readonly ReceiptHandle?: string;
    readonly VisibilityTimeout?: number;
  }[];
}

type Failed = readonly { readonly receiptHandle: string; readonly code: string }[];

/**
 * SQS's JSON protocol in front of a queue:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/
 */
export class FakeSqs {
  /** Bodies of what was sent, which here are dead letters alone. */
  readonly sent: string[] = [];

  constructor(private readonly queue: FakeQueue) {}

  async answer(action: string, body: Buffer, signal: AbortSignal): Promise<Answer> {
    const request = JSON.parse(body.toString() || '{}') as SqsRequest;
    return json(await this.act(action, request, body, signal));
  }

  private async act(
    action: string,
    request: SqsRequest,
    body: Buffer,
    signal: AbortSignal,
  ): Promise<unknown> {
    const handles = (request.Entries ?? []).map(({ ReceiptHandle = '' }) => ReceiptHandle);
    switch (action) {
      case 'ReceiveMessage':
        return this.receive(request, signal);
      case 'DeleteMessage':
        await this.queue.acknowledge([request.ReceiptHandle ?? '']);
        return {};
      case 'DeleteMessageBatch':
        return outcome(request, await this.queue.acknowledge(handles));
      case 'ChangeMessageVisibilityBatch':
        return outcome(request, await this.queue.changeVisibility(changesOf(request)));
      case 'SendMessage':
        this.sent.push(body.toString());
        return { MessageId: `sent-${this.sent.length}` };
      default:
        throw new Error(`The fake of SQS does not know ${action}.`);
    }
  }

  private async receive(
    { MaxNumberOfMessages = 1, WaitTimeSeconds = 0 }: SqsRequest,
    signal: AbortSignal,
  ) {
    const messages = await this.queue.receive(MaxNumberOfMessages, WaitTimeSeconds, signal);
    return {
      Messages: messages.map(({ messageId, receiptHandle, body, receiveCount, sentAt }) => ({
        MessageId: messageId,
        ReceiptHandle: receiptHandle,
        Body: body,
        MD5OfBody: createHash('md5').update(body).digest('hex'),
        Attributes: {
          ApproximateReceiveCount: String(receiveCount),
          SentTimestamp: String(Math.round(sentAt)),
        },
      })),
    };
  }
}

function changesOf({ Entries = [] }: SqsRequest) {
  return Entries.map(({ ReceiptHandle = '', VisibilityTimeout = 0 }) => ({
    receiptHandle: ReceiptHandle,
    visibilityTimeoutSeconds: VisibilityTimeout,
  }));
}

function outcome({ Entries = [] }: SqsRequest, failures: Failed): unknown {
  const failed = new Map(failures.map(({ receiptHandle, code }) => [receiptHandle, code]));
  const codeOf = ({ ReceiptHandle = '' }: { ReceiptHandle?: string }) => failed.get(ReceiptHandle);
  return {
    Successful: Entries.filter((entry) => !codeOf(entry)).map(({ Id }) => ({ Id })),
    Failed: Entries.filter((entry) => codeOf(entry)).map((entry) => ({
      Id: entry.Id,
      Code: codeOf(entry),
      SenderFault: true,
    })),
  };
}

function json(value: unknown): Answer {
  const body = JSON.stringify(value);
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
  };
  return { status: 200, headers, body };
}
