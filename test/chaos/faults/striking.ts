import type { ServerResponse } from 'node:http';
import { type Answers, FakeAws, type Received } from '../../fakes/aws-server';
import { ALL_FAULT_KINDS, FAULT_KINDS, type FaultKind, type Victim } from '../fault-kinds';
import {
  byInjector,
  type FaultProxy,
  handleWith,
  NO_MOMENTS,
  type RequestFault,
  startFaultProxy,
} from '../fault-proxy';
import type { History } from '../history';
import { Injector } from '../injector';

export const kindsOf = (victim: Victim): FaultKind[] =>
  ALL_FAULT_KINDS.filter((kind) => FAULT_KINDS[kind] === victim);

/** Lets one kind of fault strike whenever it can. */
export function striking(kind: FaultKind, history: History): Injector {
  const faults = { [kind]: { chance: 1, inARow: 1, limit: 10 } };
  return new Injector({ seed: 1, faults }, history);
}

/** A proxy before a fake of AWS. */
export function startStrikingProxy(
  target: string,
  faults: readonly RequestFault[],
  injector: Injector,
  moments = NO_MOMENTS,
): Promise<FaultProxy> {
  return startFaultProxy(target, handleWith(byInjector(faults, injector), moments));
}

const BODY = 'the body of an object';
/** CRC32 of the body, in base64: what S3 answers when it is asked for a checksum. */
const CHECKSUM = 'G4mAhw==';
const NO_FAILURE = { body: { Successful: [], Failed: [] } };
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `task-${index}`);
const message = (id: string) => ({ MessageId: id, ReceiptHandle: id, Body: '' });

/** What there is grows by one with each look. */
const ANSWERS: Answers = {
  ReceiveMessage: () => ({ body: { Messages: ['r0', 'r1', 'r2'].map(message) } }),
  GetQueueAttributes: (_input, looks) => ({
    body: { Attributes: { ApproximateNumberOfMessages: String(looks + 1) } },
  }),
  ListTasks: (_input, looks) => ({ body: { taskArns: numbered(looks + 1) } }),
  RunTask: ({ count }) => ({
    body: { tasks: numbered(Number(count)).map((taskArn) => ({ taskArn })), failures: [] },
  }),
  DeleteMessageBatch: () => NO_FAILURE,
  ChangeMessageVisibilityBatch: () => NO_FAILURE,
  ChangeMessageVisibility: () => NO_FAILURE,
};

/** As much of S3, SQS and ECS as shows whether a fault let a request through. */
export async function startFakeServices(): Promise<FakeAws> {
  const aws = await FakeAws.start(ANSWERS);
  const { answer } = aws;
  aws.answer = (response, request) =>
    (request.headers['x-amz-target'] ? answer : answerObject)(response, request);
  return aws;
}

function answerObject(response: ServerResponse, { method }: Received): void {
  const isRead = method === 'GET';
  response.writeHead(200, { etag: '"1"', ...(isRead && { 'x-amz-checksum-crc32': CHECKSUM }) });
  response.end(isRead ? BODY : '');
}

interface Batch {
  readonly Entries?: readonly { readonly ReceiptHandle: string }[];
  readonly ReceiptHandle?: string;
  readonly VisibilityTimeout?: number;
}

/** The requests that took effect, in order of arrival. */
export function effectsOn({ received }: FakeAws) {
  return received.map(({ method, headers, body }) => {
    const operation = String(headers['x-amz-target'] ?? '').split('.')[1];
    if (!operation) return { operation: `${method === 'PUT' ? 'Put' : 'Get'}Object`, body };
    const input = JSON.parse(body) as Batch;
    const entries = input.Entries ?? (input.ReceiptHandle ? [{ ...input }] : []);
    const receipts = entries.map(({ ReceiptHandle }) => ReceiptHandle);
    return { operation, body, receipts, visibility: input.VisibilityTimeout };
  });
}
