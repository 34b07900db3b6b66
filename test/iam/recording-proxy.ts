import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, type Request, refuse } from '../../local/fargate/answer';
import { forwardTo } from '../../local/fargate/forward';
import { type AwsCall, parseCall } from './aws-call';

/** A loopback endpoint that passes every request on and writes down what was asked of AWS. */
export interface RecordingProxy {
  readonly endpoint: string;
  /** Every answered call so far, in the order of the answers. */
  readonly calls: readonly AwsCall[];
  stop(): Promise<void>;
}

/** One proxy stands for one principal: whoever is given its endpoint. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const calls: AwsCall[] = [];
  const upstream = forwardTo(target);
  const pass = async (request: Request): Promise<Answer> => {
    const answer = await upstream.send(request);
    calls.push(parseCall(request, answer.status));
    return answer;
  };
  const server = createServer(async (incoming, outgoing) => {
    const { status, headers, body } = await readRequest(incoming)
      .then(pass)
      .catch((error: Error) => refuse('ServerException', error.message, 503));
    // The answer to HEAD tells the length of a body that it does not have.
    const length = incoming.method === 'HEAD' ? {} : { 'content-length': body.length };
    outgoing.writeHead(status, { ...headers, ...length }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      upstream.close();
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = 'GET', url = '/', headers } = incoming;
  return { method, path: url, headers, body: Buffer.concat(chunks) };
}
