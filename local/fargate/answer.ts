import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** A request to ECS, read whole. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

const JSON_HEADERS = { 'content-type': 'application/x-amz-json-1.1' };

/** An error as ECS words it. */
export function refuse(type: string, message: string, status = 400): Answer {
  return { status, headers: JSON_HEADERS, body: Buffer.from(JSON.stringify({ __type: type, message })) };
}

/** The same answer with another JSON body. */
export function withBody(answer: Answer, body: unknown): Answer {
  const { 'content-length': _length, 'transfer-encoding': _encoding, ...headers } = answer.headers;
  return { ...answer, headers, body: Buffer.from(JSON.stringify(body)) };
}
