import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Request } from '../../local/fargate/answer';
import { forwardTo } from '../../local/fargate/forward';
import {
  type LoopbackServer,
  startLoopbackServer,
  writeAnswer,
} from '../../local/fargate/loopback-server';
import { callOf } from './call';
import type { Exchange, Handle } from './exchange';

/**
 * A loopback endpoint before the emulator that may do to each request what a network and a busy
 * service do.
 */
export interface FaultProxy extends LoopbackServer {
  /** What the handler threw: a defect of the test, not a fault that was injected. */
  readonly defects: readonly unknown[];
}

/**
 * Path-style requests pass with the signature that they came with: the emulator checks the body,
 * not the host.
 */
export async function startFaultProxy(target: string, handle: Handle): Promise<FaultProxy> {
  const defects: unknown[] = [];
  const upstream = forwardTo(target);
  const server = await startLoopbackServer(async (request, outgoing) => {
    try {
      await handle(exchangeOf(request, outgoing, upstream.send));
    } catch (error) {
      // Whoever asked may be dead by now, and an idle connection to the emulator may close under a
      // request.
      if (!isBroken(error)) defects.push(error);
      outgoing.destroy();
    }
  });
  return {
    endpoint: server.endpoint,
    defects,
    stop: async () => {
      await server.stop();
      upstream.close();
    },
  };
}

const isBroken = (error: unknown) =>
  ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(
    String((error as { readonly code?: string }).code),
  );

type Send = (request: Request) => Promise<Answer>;

function exchangeOf(request: Request, outgoing: ServerResponse, send: Send): Exchange {
  return {
    call: callOf(request),
    request,
    forward: (other = request) => send(other),
    aside: send,
    answer: (answer) => writeAnswer(outgoing, answer),
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
