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
import type { Request } from '../../local/fargate/answer';
import { type AwsCall, parseCall } from './aws-call';

/** A loopback endpoint that passes every request on and writes down what was asked of AWS. */
export interface RecordingProxy {
  readonly endpoint: string;
  /**
   * Every answered call so far, in the order of the answers.
   * @throws Error when there was a call that cannot be read: a recording with a hole proves nothing.
   */
  calls(): readonly AwsCall[];
  stop(): Promise<void>;
}

interface Exchange {
  readonly request: Request;
  readonly status: number;
}

/** Whether a request is answered with 503 instead of being passed on. */
export type Refuse = (request: Request) => boolean;

/**
 * One proxy stands for one principal: whoever is given its endpoint.
 * @param roundTripMilliseconds how far away AWS is; default: not at all.
 */
export async function startRecordingProxy(
  target: string,
  refuse: Refuse = () => false,
  roundTripMilliseconds = 0,
): Promise<RecordingProxy> {
  const exchanges: Exchange[] = [];
  const agent = new Agent({ keepAlive: true });
  const server = createServer(async (incoming, outgoing) => {
    const request = await readRequest(incoming);
    if (roundTripMilliseconds > 0) await delay(roundTripMilliseconds);
    if (refuse(request)) {
      exchanges.push({ request, status: 503 });
      outgoing.writeHead(503).end();
      return;
    }
    passOn(request, target, agent, outgoing, (status) => exchanges.push({ request, status }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => exchanges.map(({ request, status }) => parseCall(request, status)),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

function passOn(
  { method, path, headers, body }: Request,
  target: string,
  agent: Agent,
  outgoing: ServerResponse,
  onAnswer: (status: number) => void,
): void {
  const { hostname, port, host } = new URL(target);
  const { 'transfer-encoding': _encoding, connection: _connection, expect: _expect, ...kept } = headers;
  const upstream = httpRequest(
    { agent, hostname, port, method, path, headers: { ...kept, host, 'content-length': body.length } },
    (answer) => {
      const { connection: _theirs, ...answered } = answer.headers;
      onAnswer(answer.statusCode ?? 0);
      outgoing.writeHead(answer.statusCode ?? 502, answered);
      answer.pipe(outgoing);
    },
  );
  // Whoever asked gives up or asks again, as it would with AWS.
  upstream.on('error', () => outgoing.destroy());
  outgoing.on('close', () => upstream.destroy());
  upstream.end(body);
}

async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = 'GET', url = '/', headers } = incoming;
  return { method, path: url, headers, body: Buffer.concat(chunks) };
}
