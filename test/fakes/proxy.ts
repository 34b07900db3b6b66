import type { ServerResponse } from 'node:http';
import type { AwsRequest, AwsResponse } from '../../local/ecs/aws-http';
import {
  forwardTo,
  type LoopbackServer,
  startLoopbackServer,
  writeAnswer,
} from '../../local/ecs/aws-http';

export type Send = (request: AwsRequest) => Promise<AwsResponse>;

/** Answers a request, or ends the connection itself and returns nothing. */
export type Handler = (
  request: AwsRequest,
  send: Send,
  outgoing: ServerResponse,
) => Promise<AwsResponse | undefined>;

/** The client may be dead by now, and an idle connection to the target may close. */
const BROKEN = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'];

/**
 * A loopback endpoint before another one. A request keeps its signature: the emulator checks the
 * body, not the host. @param onDefect gets what the handler throws, except broken connections.
 */
export async function startProxy(
  target: string,
  handle: Handler,
  onDefect: (error: unknown) => void = raise,
): Promise<LoopbackServer> {
  const upstream = forwardTo(target);
  const server = await startLoopbackServer(async (request, outgoing) => {
    try {
      const answer = await handle(request, upstream.send, outgoing);
      if (answer) writeAnswer(outgoing, answer);
    } catch (error) {
      outgoing.destroy();
      if (!BROKEN.includes(String((error as { readonly code?: string }).code))) onDefect(error);
    }
  });
  return {
    endpoint: server.endpoint,
    stop: async () => {
      await server.stop();
      upstream.close();
    },
  };
}

function raise(error: unknown): never {
  throw error;
}

/** The operation of a service that speaks JSON, such as `AmazonSSM.GetParameter`; empty for S3. */
export function targetOf({ headers }: AwsRequest): string {
  return String(headers['x-amz-target'] ?? '');
}
