import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer, Request } from '../../local/fargate/answer';
import { forwardTo } from '../../local/fargate/forward';

/** A loopback proxy before the emulator that answers for it where it knows too little. */
export interface Front {
  readonly endpoint: string;
  stop(): Promise<void>;
}

export type Send = (request: Request) => Promise<Answer>;

/** @param answer gives the answer to a request; `send` asks the emulator. */
export async function startFront(
  emulatorEndpoint: string,
  answer: (request: Request, send: Send) => Promise<Answer>,
): Promise<Front> {
  const upstream = forwardTo(emulatorEndpoint);
  const server = createServer(async (incoming, outgoing) => {
    const { status, headers, body } = await answer(await readRequest(incoming), upstream.send);
    outgoing.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      upstream.close();
    },
  };
}

/** The operation of a service that speaks JSON, such as `AmazonSSM.GetParameter`; empty for S3. */
export function targetOf({ headers }: Request): string {
  return String(headers['x-amz-target'] ?? '');
}

async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = 'POST', url = '/', headers } = incoming;
  return { method, path: url, headers, body: Buffer.concat(chunks) };
}
