import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer, Request } from './answer';

/** An HTTP server on a free loopback port. */
export interface LoopbackServer {
  /** Such as `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** Closes it, with all open connections. */
  stop(): Promise<void>;
}

/** @param onRequest called with each request when all of it has arrived. */
export async function startLoopbackServer(
  onRequest: (request: Request, outgoing: ServerResponse) => void | Promise<void>,
): Promise<LoopbackServer> {
  const server = createServer(async (incoming, outgoing) => {
    const request = await readRequest(incoming).catch(() => undefined);
    if (request) await onRequest(request, outgoing);
    else outgoing.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Sends an answer. The answer to a HEAD may name a length that its body does not have. */
export function writeAnswer(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  outgoing.writeHead(status, { 'content-length': body.length, ...headers }).end(body);
}

async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = 'POST', url = '/', headers } = incoming;
  return { method, path: url, headers, body: Buffer.concat(chunks) };
}
