import { setTimeout as delay } from 'node:timers/promises';
import type { Call } from '../call';
import type { RequestFault } from '../fault-proxy';
import { answered, lost, unanswered } from './strikes';

const s3 =
  (...operations: string[]) =>
  ({ service, operation }: Call) =>
    service === 's3' && (operations.length === 0 || operations.includes(operation));

const PIECE_PAUSE_MILLISECONDS = 150;
const SLOW_WRITE_MILLISECONDS = 1_200;

export const S3_FAULTS: readonly RequestFault[] = [
  s3Error('s3-slow-down', 503, 'SlowDown', 'Please reduce your request rate.'),
  s3Error('s3-internal-error', 500, 'InternalError', 'We encountered an internal error.'),
  { kind: 's3-reset-before', canStrike: s3(), strike: lost },
  { kind: 's3-reset-after', canStrike: s3('PutObject', 'HeadObject'), strike: unanswered },
  {
    kind: 's3-slow-body',
    canStrike: s3('GetObject'),
    strike: async ({ forward, dribble }) => {
      await dribble(await forward(), PIECE_PAUSE_MILLISECONDS, 4);
      return 'in four pieces';
    },
  },
  {
    kind: 's3-truncated-body',
    canStrike: s3('GetObject'),
    strike: async ({ forward, dribble }, draw) => {
      const pieces = Math.floor(draw * 4);
      await dribble(await forward(), 10, pieces);
      return `after ${pieces} of four pieces`;
    },
  },
  {
    kind: 's3-wrong-checksum',
    canStrike: s3('GetObject', 'PutObject'),
    strike: async ({ call, request, forward, answer }, draw) => {
      if (call.operation === 'PutObject') {
        answer(await forward({ ...request, body: flipped(request.body, draw) }));
        return 'on the way there';
      }
      const { body, ...rest } = await forward();
      answer({ ...rest, body: flipped(body, draw) });
      return 'on the way back';
    },
  },
  {
    kind: 's3-slow-write',
    canStrike: s3('PutObject'),
    strike: async ({ forward, answer }) => {
      await delay(SLOW_WRITE_MILLISECONDS);
      answer(await forward());
      return `took effect after ${SLOW_WRITE_MILLISECONDS} ms`;
    },
  },
];

/** An error as S3 words it; HEAD has no body. */
function s3Error(
  kind: 's3-slow-down' | 's3-internal-error',
  status: number,
  ...[code, message]: readonly string[]
): RequestFault {
  const xml =
    '<?xml version="1.0" encoding="UTF-8"?>' +
    `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  const headers = { 'content-type': 'application/xml' };
  const strike: RequestFault['strike'] = (exchange, draw) => {
    const body = Buffer.from(exchange.request.method === 'HEAD' ? '' : xml);
    return answered({ status, headers, body }, String(status))(exchange, draw);
  };
  return { kind, canStrike: s3(), strike };
}

/** The same bytes, except one bit. */
function flipped(body: Buffer, draw: number): Buffer {
  const other = Buffer.from(body);
  const at = Math.floor(draw * other.length);
  if (other.length > 0) other.writeUInt8(other.readUInt8(at) ^ 1, at);
  return other;
}
