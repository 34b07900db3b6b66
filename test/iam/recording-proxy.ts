import { setTimeout as delay } from 'node:timers/promises';
import type { Request } from '../../local/ecs/answer';
import { forwardTo } from '../../local/ecs/forward';
import {
  type LoopbackServer,
  startLoopbackServer,
  writeAnswer,
} from '../../local/ecs/loopback-server';
import { type AwsCall, parseCall } from './aws-call';

/** A loopback endpoint that passes every request on, and records what AWS was asked. */
export interface RecordingProxy extends LoopbackServer {
  /**
   * Every answered call so far, in the order of the answers.
   * @throws Error for a call that cannot be read: a recording with a hole proves nothing.
   */
  calls(): readonly AwsCall[];
}

/** Whether a request is answered with 503 instead of being passed on. */
export type Refuse = (request: Request) => boolean;

export interface RecordingOptions {
  readonly refuse?: Refuse;
  /** How far away AWS is; default: not at all. */
  readonly roundTripMilliseconds?: number | undefined;
}

const REFUSED = { status: 503, headers: {}, body: Buffer.alloc(0) };

/** One proxy for each principal, who is given its endpoint. */
export async function startRecordingProxy(
  target: string,
  { refuse, roundTripMilliseconds = 0 }: RecordingOptions = {},
): Promise<RecordingProxy> {
  const exchanges: { readonly request: Request; readonly status: number }[] = [];
  const upstream = forwardTo(target);
  const server = await startLoopbackServer(async (request, outgoing) => {
    if (roundTripMilliseconds > 0) await delay(roundTripMilliseconds);
    const answer = refuse?.(request)
      ? REFUSED
      : await upstream.send(request).catch(() => undefined);
    // The client gives up or asks again, as it would with AWS.
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
