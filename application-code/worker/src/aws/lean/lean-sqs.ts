import { createHash } from 'node:crypto';
import { type HttpResponse, loadJsonRpcErrorCode } from '@smithy/core/protocols';
import type { SqsCalls } from '../calls';
import { readText } from '../read-body';
import { ServiceError } from './service-error';
import { type Call, type LeanSettings, SignedCalls } from './signed-calls';

/** The calls of SQS in its JSON protocol, which signs and checks bodies as the SDK does. */
export class LeanSqs implements SqsCalls {
  private readonly calls: SignedCalls;

  constructor(private readonly settings: LeanSettings) {
    this.calls = new SignedCalls(settings, { signingName: 'sqs', readError });
  }

  readonly receiveMessage: SqsCalls['receiveMessage'] = async (input, signal) => {
    const output = await this.send('ReceiveMessage', input, signal);
    for (const { MessageId, Body, MD5OfBody } of output.Messages ?? [])
      checkBody(Body, MD5OfBody, MessageId);
    return output;
  };

  readonly deleteMessageBatch: SqsCalls['deleteMessageBatch'] = (input) =>
    this.send('DeleteMessageBatch', input);

  readonly changeMessageVisibilityBatch: SqsCalls['changeMessageVisibilityBatch'] = (input) =>
    this.send('ChangeMessageVisibilityBatch', input);

  readonly sendMessageBatch: SqsCalls['sendMessageBatch'] = async (input) => {
    const output = await this.send('SendMessageBatch', input);
    const bodies = new Map(input.Entries?.map(({ Id, MessageBody }) => [Id, MessageBody]));
    for (const { Id, MessageId, MD5OfMessageBody } of output.Successful ?? [])
      checkBody(bodies.get(Id), MD5OfMessageBody, MessageId);
    return output;
  };

  readonly sendMessage: SqsCalls['sendMessage'] = async (input) => {
    const output = await this.send('SendMessage', input);
    checkBody(input.MessageBody, output.MD5OfMessageBody, output.MessageId);
    return output;
  };

  private async send<Operation extends Capitalize<keyof SqsCalls>>(
    operation: Operation,
    input: { readonly QueueUrl: string | undefined },
    signal?: AbortSignal,
  ): Promise<Awaited<ReturnType<SqsCalls[Uncapitalize<Operation>]>>> {
    const body = Buffer.from(JSON.stringify(input));
    const call: Call = {
      method: 'POST',
      ...this.endpointOf(input.QueueUrl ?? ''),
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': String(body.length),
        'x-amz-target': `AmazonSQS.${operation}`,
        'x-amzn-query-mode': 'true',
      },
      body,
      signingRegion: this.settings.region,
      isLongPoll: operation === 'ReceiveMessage',
      signal,
    };
    return this.calls.send(call, async (response) =>
      JSON.parse((await readText(response.body)) || '{}'),
    );
  }

  /** As the SDK does it: a queue's own host, unless another endpoint is set. */
  private endpointOf(queueUrl: string): { origin: URL; path: string } {
    const { sqsEndpoint } = this.settings;
    const origin = new URL(sqsEndpoint ?? queueUrl);
    return { origin, path: sqsEndpoint === undefined ? '/' : origin.pathname.replace(/\/?$/, '/') };
  }
}

async function readError(response: HttpResponse): Promise<ServiceError> {
  const text = await readText(response.body);
  const data = jsonIn(text);
  const code = loadJsonRpcErrorCode(response, data, true);
  return new ServiceError(response, code, data.message ?? data.Message);
}

/** A proxy in between may answer in HTML: the status alone says then what is to be done. */
function jsonIn(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** @throws Error when the body that SQS speaks of is another one. */
function checkBody(body = '', md5: string | undefined, messageId: string | undefined): void {
  if (createHash('md5').update(body).digest('hex') === md5) return;
  throw new Error(`Invalid MD5 checksum on messages: ${messageId}`);
}
