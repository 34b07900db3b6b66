import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../application-code/worker/src/clock';
import { FakeQueue } from '../../test/fakes/queue';
import { FakeS3, send } from './s3';
import { FakeSqs } from './sqs';

export interface FakeAwsSettings {
  /** From the whole request to the beginning of its answer. */
  readonly roundTripMilliseconds: number;
  readonly visibilityTimeoutSeconds: number;
  /** Speaks TLS with this certificate. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** Requests by kind: S3's by their method, SQS's by their action. */
export type RequestCounts = Readonly<Record<string, number>>;

/** S3 and SQS over HTTP on one port, as far as a worker sees them. */
export class FakeAwsServer {
  readonly queue: FakeQueue;
  readonly s3 = new FakeS3();
  readonly sqs: FakeSqs;
  /** Times in milliseconds since the epoch. */
  firstReceiveAt: number | undefined;
  firstWriteAt: number | undefined;
  private requests: Record<string, number> = {};
  private readonly server;

  constructor(private readonly settings: FakeAwsSettings) {
    const { visibilityTimeoutSeconds, tls } = settings;
    this.queue = new FakeQueue(systemClock, visibilityTimeoutSeconds);
    this.queue.refusesOldHandles = false;
    this.sqs = new FakeSqs(this.queue);
    const listener: RequestListener = (request, response) => void this.serve(request, response);
    this.server = tls ? createTlsServer(tls, listener) : createServer(listener);
    this.server.keepAliveTimeout = 60_000;
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  /** What was asked since the last call. */
  takeCounts(): RequestCounts {
    const counts = this.requests;
    this.requests = {};
    return counts;
  }

  /** Puts messages in at once. @returns when the last message is acknowledged. */
  drain(bodies: readonly string[]): Promise<void> {
    const drained = new Promise<void>((resolve) => {
      this.queue.onEmpty = resolve;
    });
    for (const body of bodies) this.queue.send(body);
    return drained;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const action = /^AmazonSQS\.(.+)$/.exec(String(request.headers['x-amz-target'] ?? ''))?.[1];
    if (action === 'ReceiveMessage') this.firstReceiveAt ??= epochNow();
    const body = await bodyOf(request);
    if (!body) return;
    const answering = action
      ? this.answerSqs(action, body, response)
      : this.s3.answer(request, body);
    if (request.method === 'PUT') this.firstWriteAt ??= epochNow();
    if (action !== 'ReceiveMessage') this.count(action ?? request.method ?? '');
    // Without a round trip an answer leaves in the turn in which it was made.
    if (this.settings.roundTripMilliseconds > 0) await delay(this.settings.roundTripMilliseconds);
    const answer = await answering;
    if (answer) send(response, answer);
  }

  private count(kind: string): void {
    this.requests[kind] = (this.requests[kind] ?? 0) + 1;
  }

  /**
   * A long poll counts when it is answered: it may have begun before the queue was filled.
   * @returns undefined where the client has closed its connection.
   */
  private async answerSqs(action: string, body: readonly Buffer[], response: ServerResponse) {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const answer = await this.sqs.answer(action, Buffer.concat(body), gone.signal);
      if (action === 'ReceiveMessage') this.count(action);
      return answer;
    } catch (error) {
      if (!gone.signal.aborted) throw error;
      return undefined;
    }
  }
}

/** Comparable between processes, and finer than a millisecond. */
export const epochNow = () => performance.timeOrigin + performance.now();

/**
 * As it came, since to put photos together would take the time of a run. Undefined where the
 * connection breaks before the end, as when a subject was killed.
 */
function bodyOf(request: IncomingMessage): Promise<readonly Buffer[] | undefined> {
  const pieces: Buffer[] = [];
  return new Promise((resolve) => {
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.once('end', () => resolve(pieces));
    request.once('close', () => resolve(undefined));
  });
}
