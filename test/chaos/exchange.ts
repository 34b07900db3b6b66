import type { Answer, Request } from '../../local/fargate/answer';
import type { Call } from './call';

/**
 * One request in the hands of the proxy. Exactly one of `answer`, `dribble` and `reset` ends it.
 */
export interface Exchange {
  readonly call: Call;
  readonly request: Request;
  /** Lets it take effect. Another request may be given in its place. */
  forward(request?: Request): Promise<Answer>;
  /** Does something of our own to the emulator, unseen by the faults. */
  aside(request: Request): Promise<Answer>;
  answer(answer: Answer): void;
  /**
   * Sends the body in four pieces, with pauses.
   * @param pieces how many of the four are sent before the connection breaks; 4: it does not.
   */
  dribble(answer: Answer, pauseMilliseconds: number, pieces: number): Promise<void>;
  /** True when whoever asked has given up or died. */
  isGone(): boolean;
  /** Breaks the connection. */
  reset(): void;
}

/** What becomes of a request. */
export type Handle = (exchange: Exchange) => Promise<void>;

/** No fault at all. */
export const passOn: Handle = async ({ answer, forward }) => answer(await forward());

/** A request like this one, with another JSON body. */
export function withInput(request: Request, input: unknown, operation?: string): Request {
  const { 'content-length': _length, ...headers } = request.headers;
  const target = String(headers['x-amz-target']).split('.')[0];
  return {
    ...request,
    headers: { ...headers, ...(operation && { 'x-amz-target': `${target}.${operation}` }) },
    body: Buffer.from(JSON.stringify(input)),
  };
}

/** Body of a JSON answer. */
export function outputOf({ body }: Answer): Readonly<Record<string, unknown>> {
  return JSON.parse(body.toString() || '{}');
}

/** An error as S3 words it; HEAD has no body. */
export function s3Error(status: number, code: string, message: string, method: string): Answer {
  const xml = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  const body = Buffer.from(method === 'HEAD' ? '' : xml);
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
