import type { Answer, Request } from '../../local/fargate/answer';
import { forwardTo } from '../../local/fargate/forward';
import {
  type LoopbackServer,
  startLoopbackServer,
  writeAnswer,
} from '../../local/fargate/loopback-server';

/** A loopback proxy before the emulator that answers for it where it knows too little. */
export type Front = LoopbackServer;

export type Send = (request: Request) => Promise<Answer>;

/** @param answer gives the answer to a request; `send` asks the emulator. */
export async function startFront(
  emulatorEndpoint: string,
  answer: (request: Request, send: Send) => Promise<Answer>,
): Promise<Front> {
  const upstream = forwardTo(emulatorEndpoint);
  const server = await startLoopbackServer(async (request, outgoing) =>
    writeAnswer(outgoing, await answer(request, upstream.send)),
  );
  return {
    endpoint: server.endpoint,
    stop: async () => {
      await server.stop();
      upstream.close();
    },
  };
}

/** The operation of a service that speaks JSON, such as `AmazonSSM.GetParameter`; empty for S3. */
export function targetOf({ headers }: Request): string {
  return String(headers['x-amz-target'] ?? '');
}
