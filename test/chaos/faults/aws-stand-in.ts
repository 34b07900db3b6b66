import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that took effect. */
export interface Seen {
  readonly operation: string;
  readonly body: string;
  readonly receipts: readonly string[];
  readonly visibility?: number;
}

export interface AwsStandIn {
  readonly endpoint: string;
  /** In order of arrival; a test may empty it. */
  readonly seen: Seen[];
  stop(): Promise<void>;
}

const BODY = 'the body of an object';
/** CRC32 of the body, in base64: what S3 answers when it is asked for a checksum. */
const CHECKSUM = 'G4mAhw==';
const MESSAGES = ['r0', 'r1', 'r2'].map((ReceiptHandle) => ({
  MessageId: ReceiptHandle,
  ReceiptHandle,
  Body: '',
}));

interface Input {
  readonly Entries?: readonly { readonly Id: string; readonly ReceiptHandle: string }[];
  readonly ReceiptHandle?: string;
  readonly VisibilityTimeout?: number;
}

/** As much of S3 and SQS as shows whether a fault let a request through. */
export async function startAwsStandIn(): Promise<AwsStandIn> {
  const seen: Seen[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    answer(incoming, Buffer.concat(chunks).toString(), outgoing, seen);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer({ method, headers }: IncomingMessage, body: string, outgoing: ServerResponse, seen: Seen[]) {
  const operation = String(headers['x-amz-target'] ?? '').split('.')[1];
  if (operation === undefined) {
    seen.push({ operation: method === 'PUT' ? 'PutObject' : 'GetObject', body, receipts: [] });
    const isRead = method === 'GET';
    outgoing.writeHead(200, { etag: '"1"', ...(isRead && { 'x-amz-checksum-crc32': CHECKSUM }) });
    outgoing.end(isRead ? BODY : '');
    return;
  }
  const { Entries = [], ReceiptHandle, VisibilityTimeout } = JSON.parse(body) as Input;
  const receipts = [
    ...Entries.map((entry) => entry.ReceiptHandle),
    ...(ReceiptHandle ? [ReceiptHandle] : []),
  ];
  const visibility = VisibilityTimeout === undefined ? {} : { visibility: VisibilityTimeout };
  seen.push({ operation, body, receipts, ...visibility });
  const output = operation === 'ReceiveMessage' ? { Messages: MESSAGES } : { Successful: [], Failed: [] };
  outgoing.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(output));
}
