import { setTimeout as delay } from 'node:timers/promises';
import { errorResponse, jsonResponse, withBody } from '../../../local/ecs/aws-http';
import { type Call, outputOf, withInput } from '../call';
import type { Exchange, RequestFault } from '../fault-proxy';
import { answered, lost, unanswered } from './strikes';

interface Entry {
  readonly Id: string;
  readonly ReceiptHandle?: string;
}

interface Failure {
  readonly Code: string;
  readonly SenderFault: boolean;
}

const sqs =
  (...operations: string[]) =>
  ({ service, operation }: Call) =>
    service === 'sqs' && (operations.length === 0 || operations.includes(operation));
const BATCHES = ['DeleteMessageBatch', 'ChangeMessageVisibilityBatch', 'SendMessageBatch'];
const EMPTY_RECEIVE_MILLISECONDS = 300;
const THROTTLED: Failure = { Code: 'ThrottlingException', SenderFault: true };
const INTERNAL: Failure = { Code: 'InternalError', SenderFault: false };
const INVALID: Failure = { Code: 'ReceiptHandleIsInvalid', SenderFault: true };

export const SQS_FAULTS: readonly RequestFault[] = [
  {
    kind: 'sqs-throttling',
    canStrike: sqs(),
    strike: answered(errorResponse('ThrottlingException', 'Rate exceeded'), 'refused'),
  },
  {
    kind: 'sqs-internal-error',
    canStrike: sqs(),
    strike: answered(
      errorResponse('InternalError', 'We encountered an internal error.', 500),
      '500',
    ),
  },
  { kind: 'sqs-reset-before', canStrike: sqs(), strike: lost },
  { kind: 'sqs-reset-after', canStrike: sqs(), strike: unanswered },
  {
    kind: 'sqs-partial-batch',
    canStrike: sqs(...BATCHES),
    strike: (exchange, draw) => failOne(exchange, draw, draw < 0.5 ? THROTTLED : INTERNAL),
  },
  {
    // Another worker has the message by now, so it is made visible for others.
    kind: 'sqs-expired-receipt',
    canStrike: sqs('DeleteMessageBatch', 'ChangeMessageVisibilityBatch'),
    strike: async (exchange, draw) => {
      await show(exchange, drawn(entriesOf(exchange), draw)?.ReceiptHandle, 0);
      return failOne(exchange, draw, INVALID);
    },
  },
  {
    kind: 'sqs-duplicate',
    canStrike: sqs('ReceiveMessage'),
    strike: async (exchange, draw) => {
      const { answer, messages } = await received(exchange);
      const message = drawn(messages, draw);
      await show(exchange, message?.ReceiptHandle, 0);
      exchange.answer(answer);
      return `${message ? 'one' : 'none'} of ${messages.length} is visible for others, too`;
    },
  },
  {
    kind: 'sqs-reordered',
    canStrike: sqs('ReceiveMessage'),
    strike: async (exchange) => {
      const { answer, messages } = await received(exchange);
      exchange.answer(withBody(answer, outputWith(messages.toReversed())));
      return `${messages.length} backwards`;
    },
  },
  {
    kind: 'sqs-delayed',
    canStrike: sqs('ReceiveMessage'),
    strike: async (exchange, draw) => {
      const { answer, messages } = await received(exchange);
      const seconds = 1 + Math.floor(draw * 3);
      const [late, ...others] = messages;
      await show(exchange, late?.ReceiptHandle, seconds);
      exchange.answer(withBody(answer, outputWith(others)));
      return `${late ? 'one' : 'none'} of ${messages.length} comes ${seconds} s later`;
    },
  },
  {
    kind: 'sqs-empty-receive',
    canStrike: sqs('ReceiveMessage'),
    strike: async ({ answer }) => {
      await delay(EMPTY_RECEIVE_MILLISECONDS);
      answer(jsonResponse({}));
      return 'whatever there is';
    },
  },
];

const drawn = <T>(list: readonly T[], draw: number) => list[Math.floor(draw * list.length)];
const outputWith = (messages: readonly unknown[]) =>
  messages.length > 0 ? { Messages: messages } : {};
const entriesOf = ({ call }: Exchange) => (call.input.Entries ?? []) as readonly Entry[];

/** One entry is not applied and comes back in `Failed`; the others are applied. */
async function failOne(exchange: Exchange, draw: number, why: Failure): Promise<string> {
  const { call, request } = exchange;
  const entries = entriesOf(exchange);
  const failed = drawn(entries, draw);
  const Entries = entries.filter((entry) => entry !== failed);
  const failure = { Id: failed?.Id ?? '0', Message: 'injected', ...why };
  if (Entries.length === 0) {
    exchange.answer(jsonResponse({ Successful: [], Failed: [failure] }));
  } else {
    const answer = await exchange.forward(withInput(request, { ...call.input, Entries }));
    const { Failed = [], ...output } = outputOf(answer) as { readonly Failed?: unknown[] };
    exchange.answer(withBody(answer, { ...output, Failed: [...Failed, failure] }));
  }
  return `one of ${entries.length} fails with ${why.Code}`;
}

async function received(exchange: Exchange) {
  const answer = await exchange.forward();
  const { Messages: messages = [] } = outputOf(answer) as { readonly Messages?: Entry[] };
  return { answer, messages };
}

/** Changes the visibility of a message behind the back of the worker that holds it. */
async function show(
  { call, request, aside }: Exchange,
  ReceiptHandle: string | undefined,
  VisibilityTimeout: number,
): Promise<void> {
  if (!ReceiptHandle) return;
  const input = { QueueUrl: call.input.QueueUrl, ReceiptHandle, VisibilityTimeout };
  await aside(withInput(request, input, 'ChangeMessageVisibility'));
}
