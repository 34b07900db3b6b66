import { Agent, request as httpRequest } from 'node:http';
import type { Answer, Request } from './answer';

/** Forwards requests to another endpoint. Only the host that they name changes. */
export function forwardTo(endpoint: string) {
  const { hostname, port, host } = new URL(endpoint);
  const agent = new Agent({ keepAlive: true });
  return {
    send: ({ method, path, headers, body }: Request): Promise<Answer> =>
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
