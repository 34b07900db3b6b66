import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** A request to AWS, read whole. */
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

/** The response of an operation in AWS's JSON protocols. */
export function answerOf(output: unknown, status = 200): Answer {
  return { status, headers: JSON_HEADERS, body: Buffer.from(JSON.stringify(output)) };
}

/** An error as AWS's JSON protocols word it. */
export function refuse(type: string, message: string, status = 400): Answer {
  return answerOf({ __type: type, message }, status);
}

/** The same answer with another JSON body. */
export function withBody(answer: Answer, body: unknown): Answer {
  const { 'content-length': _length, 'transfer-encoding': _encoding, ...headers } = answer.headers;
  return { ...answer, headers, body: Buffer.from(JSON.stringify(body)) };
}
