import { once } from 'node:events';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request to AWS, read whole. */
export interface AwsRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

const JSON_HEADERS = { 'content-type': 'application/x-amz-json-1.1' };

/** The response of an operation in AWS's JSON protocols. */
export function jsonResponse(output: unknown, status = 200): AwsResponse {
  return { status, headers: JSON_HEADERS, body: Buffer.from(JSON.stringify(output)) };
}

/** An error as AWS's JSON protocols word it. */
export function errorResponse(type: string, message: string, status = 400): AwsResponse {
  return jsonResponse({ __type: type, message }, status);
}

/** The same answer with another JSON body. */
export function withBody(answer: AwsResponse, body: unknown): AwsResponse {
  const { 'content-length': _length, 'transfer-encoding': _encoding, ...headers } = answer.headers;
  return { ...answer, headers, body: Buffer.from(JSON.stringify(body)) };
}

/** An HTTP server on a free loopback port. */
export interface LoopbackServer {
  /** Such as `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** Closes it, with all open connections. */
  stop(): Promise<void>;
}

/** @param onRequest called with each request when all of it has arrived. */
export async function startLoopbackServer(
  onRequest: (request: AwsRequest, outgoing: ServerResponse) => void | Promise<void>,
): Promise<LoopbackServer> {
  const server = createServer(async (incoming, outgoing) => {
    const request = await readRequest(incoming).catch(() => undefined);
    if (request) await onRequest(request, outgoing);
    else outgoing.destroy();
  });
  // A client that is about to send must not find that its idle connection was just closed; 0 means
  // never. https://nodejs.org/api/http.html#serverkeepalivetimeout
  server.keepAliveTimeout = 0;
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
export function writeAnswer(
  outgoing: ServerResponse,
  { status, headers, body }: AwsResponse,
): void {
  outgoing.writeHead(status, { 'content-length': body.length, ...headers }).end(body);
}

async function readRequest(incoming: IncomingMessage): Promise<AwsRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = 'POST', url = '/', headers } = incoming;
  return { method, path: url, headers, body: Buffer.concat(chunks) };
}

/** Forwards requests to another endpoint. Only the host that they name changes. */
export function forwardTo(endpoint: string) {
  const { hostname, port, host } = new URL(endpoint);
  const agent = new Agent({ keepAlive: true });
  return {
    send: ({ method, path, headers, body }: AwsRequest): Promise<AwsResponse> =>
      new Promise((resolve, reject) => {
        const {
          'transfer-encoding': _encoding,
          connection: _connection,
          expect: _expect,
          ...kept
        } = headers;
        const outgoing = httpRequest(
          {
            agent,
            hostname,
            port,
            method,
            path,
            headers: { ...kept, host, 'content-length': body.length },
          },
          (incoming) => {
            const chunks: Buffer[] = [];
            incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
            incoming.on('error', reject);
            incoming.on('end', () =>
              resolve({
                status: incoming.statusCode ?? 502,
                headers: withoutConnection(incoming.headers),
                body: Buffer.concat(chunks),
              }),
            );
          },
        );
        outgoing.on('error', reject);
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/**
 * Removes the headers of the connection. The length stays, since that of a HEAD is not the length
 * of its body.
 */
function withoutConnection<T extends object>(headers: T) {
  const own = new Set(['connection', 'keep-alive', 'transfer-encoding']);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.has(name)));
}
