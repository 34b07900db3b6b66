import { once } from 'node:events';
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Request } from '../../local/fargate/answer';
import { callOf } from './call';
import type { Exchange, Handle } from './exchange';

/** A loopback endpoint before the emulator that may do to each request what a network and a busy service do. */
export interface FaultProxy {
  readonly endpoint: string;
  /** What the handler threw: a defect of the test, not a fault that was injected. */
  readonly defects: readonly unknown[];
  stop(): Promise<void>;
}

/** Path-style requests pass with the signature that they came with: the emulator checks the body, not the host. */
export async function startFaultProxy(target: string, handle: Handle): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  const defects: unknown[] = [];
  const send = sendTo(new URL(target), agent);
  const server = createServer(async (incoming, outgoing) => {
    try {
      const request = await readRequest(incoming);
      await handle(exchangeOf(request, outgoing, send));
    } catch (error) {
      // Whoever asked may be dead by now, and an idle connection to the emulator may close under a request.
      if (!isBroken(error)) defects.push(error);
      outgoing.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    defects,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

const isBroken = (error: unknown) =>
  ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(
    String((error as { readonly code?: string }).code),
  );

type Send = (request: Request) => Promise<Answer>;

function exchangeOf(request: Request, outgoing: ServerResponse, send: Send): Exchange {
  const answer = ({ status, headers, body }: Answer) => {
    outgoing.writeHead(status, headers).end(body);
  };
  return {
    call: callOf(request),
    request,
    forward: (other = request) => send(other),
    aside: send,
    answer,
    isGone: () => outgoing.destroyed || outgoing.socket?.destroyed === true,
    reset: () => outgoing.destroy(),
    dribble: async ({ status, headers, body }, pauseMilliseconds, pieces) => {
      outgoing.writeHead(status, { ...headers, 'content-length': body.length });
      const length = Math.ceil(body.length / 4);
      for (let piece = 0; piece < pieces; piece += 1) {
        outgoing.write(body.subarray(piece * length, (piece + 1) * length));
        await delay(pauseMilliseconds);
      }
      if (pieces < 4) outgoing.destroy();
      else outgoing.end();
    },
  };
}

function sendTo({ hostname, port, host }: URL, agent: Agent): Send {
  return ({ method, path, headers, body }) =>
    new Promise((resolve, reject) => {
      const { 'transfer-encoding': _encoding, connection: _connection, expect: _expect, ...kept } = headers;
      const all = { ...kept, host, 'content-length': body.length };
      const upstream = httpRequest(
        { agent, hostname, port, method, path, headers: all },
        async (incoming) => {
          const { connection: _theirs, 'transfer-encoding': _chunked, ...answered } = incoming.headers;
          try {
            resolve({
              status: incoming.statusCode ?? 502,
              headers: answered,
              body: await readBody(incoming),
            });
          } catch (error) {
            reject(error);
          }
        },
      );
      upstream.on('error', reject);
      upstream.end(body);
    });
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const { method = 'GET', url = '/', headers } = incoming;
  return { method, path: url, headers, body: await readBody(incoming) };
}
