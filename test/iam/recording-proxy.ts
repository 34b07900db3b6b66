import { setTimeout as delay } from 'node:timers/promises';
import type { AwsRequest, LoopbackServer } from '../../local/ecs/aws-http';
import { startProxy } from '../fakes/proxy';
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
export type Refuse = (request: AwsRequest) => boolean;

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
  const exchanges: { readonly request: AwsRequest; readonly status: number }[] = [];
  const proxy = await startProxy(target, async (request, send, outgoing) => {
    if (roundTripMilliseconds > 0) await delay(roundTripMilliseconds);
    const answer = refuse?.(request) ? REFUSED : await send(request).catch(() => undefined);
    // The client gives up or asks again, as it would with AWS.
    if (!answer) outgoing.destroy();
    else exchanges.push({ request, status: answer.status });
    return answer;
  });
  return {
    ...proxy,
    calls: () => exchanges.map(({ request, status }) => parseCall(request, status)),
  };
}
