import type { ServerResponse } from 'node:http';
import type { Request } from '../../../local/fargate/answer';
import { type LoopbackServer, startLoopbackServer } from '../../../local/fargate/loopback-server';

/** A request that took effect. */
export interface Seen {
  readonly operation: string;
  readonly body: string;
  readonly receipts: readonly string[];
  readonly visibility?: number;
}

export interface AwsStandIn extends LoopbackServer {
  /** In order of arrival; a test may empty it. */
  readonly seen: Seen[];
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
  /** Of RunTask. */
  readonly count?: number;
}

/** What else than a batch is asked for; what is looked at is one more at each look. */
const OUTPUTS: Readonly<Record<string, (input: Input, looks: number) => unknown>> = {
  ReceiveMessage: () => ({ Messages: MESSAGES }),
  GetQueueAttributes: (_input, looks) => ({
    Attributes: { ApproximateNumberOfMessages: String(looks) },
  }),
  ListTasks: (_input, looks) => ({ taskArns: numbered(looks) }),
  RunTask: ({ count = 0 }) => ({
    tasks: numbered(count).map((taskArn) => ({ taskArn })),
    failures: [],
  }),
};
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `task-${index}`);

/** As much of S3, SQS and ECS as shows whether a fault let a request through. */
export async function startAwsStandIn(): Promise<AwsStandIn> {
  const seen: Seen[] = [];
  const server = await startLoopbackServer((request, outgoing) => answer(request, outgoing, seen));
  return { ...server, seen };
}

function answer({ method, headers, body: bytes }: Request, outgoing: ServerResponse, seen: Seen[]) {
  const body = bytes.toString();
  const operation = String(headers['x-amz-target'] ?? '').split('.')[1];
  if (operation === undefined) {
    seen.push({ operation: method === 'PUT' ? 'PutObject' : 'GetObject', body, receipts: [] });
    const isRead = method === 'GET';
    outgoing.writeHead(200, { etag: '"1"', ...(isRead && { 'x-amz-checksum-crc32': CHECKSUM }) });
    outgoing.end(isRead ? BODY : '');
    return;
  }
  const input = JSON.parse(body) as Input;
  const { Entries = [], ReceiptHandle, VisibilityTimeout } = input;
  const receipts = [
    ...Entries.map((entry) => entry.ReceiptHandle),
    ...(ReceiptHandle ? [ReceiptHandle] : []),
  ];
  const visibility = VisibilityTimeout === undefined ? {} : { visibility: VisibilityTimeout };
  seen.push({ operation, body, receipts, ...visibility });
  const looks = seen.filter((one) => one.operation === operation).length;
  const output = OUTPUTS[operation]?.(input, looks) ?? { Successful: [], Failed: [] };
  outgoing
    .writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
    .end(JSON.stringify(output));
}
