import { setTimeout as delay } from 'node:timers/promises';
import type { Request } from '../../local/fargate/answer';
import { forwardTo } from '../../local/fargate/forward';
import {
  type LoopbackServer,
  startLoopbackServer,
  writeAnswer,
} from '../../local/fargate/loopback-server';
import { type AwsCall, parseCall } from './aws-call';

/** A loopback endpoint that passes every request on and writes down what was asked of AWS. */
export interface RecordingProxy extends LoopbackServer {
  /**
   * Every answered call so far, in the order of the answers.
   * @throws Error when there was a call that cannot be read: a recording with a hole proves
   *   nothing.
   */
  calls(): readonly AwsCall[];
}

interface Exchange {
  readonly request: Request;
  readonly status: number;
}

/** Whether a request is answered with 503 instead of being passed on. */
export type Refuse = (request: Request) => boolean;

const REFUSED = { status: 503, headers: {}, body: Buffer.alloc(0) };

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
  const upstream = forwardTo(target);
  const server = await startLoopbackServer(async (request, outgoing) => {
    if (roundTripMilliseconds > 0) await delay(roundTripMilliseconds);
    const answer = refuse(request) ? REFUSED : await upstream.send(request).catch(() => undefined);
    // Whoever asked gives up or asks again, as it would with AWS.
    if (!answer) return void outgoing.destroy();
    exchanges.push({ request, status: answer.status });
    writeAnswer(outgoing, answer);
  });
  return {
    endpoint: server.endpoint,
    calls: () => exchanges.map(({ request, status }) => parseCall(request, status)),
    stop: async () => {
      await server.stop();
      upstream.close();
    },
  };
}
