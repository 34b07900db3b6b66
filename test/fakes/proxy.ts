import type { ServerResponse } from 'node:http';
import type { Answer, Request } from '../../local/ecs/answer';
import { forwardTo } from '../../local/ecs/forward';
import {
  type LoopbackServer,
  startLoopbackServer,
  writeAnswer,
} from '../../local/ecs/loopback-server';

export type Send = (request: Request) => Promise<Answer>;

/** Answers a request, or ends the connection itself and returns nothing. */
export type Handler = (
  request: Request,
  send: Send,
  outgoing: ServerResponse,
) => Promise<Answer | undefined>;

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
export function targetOf({ headers }: Request): string {
  return String(headers['x-amz-target'] ?? '');
}
