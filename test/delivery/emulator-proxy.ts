import { type Answer, type Request, refuse } from '../../local/ecs/answer';
import { forwardTo } from '../../local/ecs/forward';
import {
  type LoopbackServer,
  startLoopbackServer,
  writeAnswer,
} from '../../local/ecs/loopback-server';

type Send = (request: Request) => Promise<Answer>;

/** A loopback proxy before the emulator that answers for it where it knows too little. */
export async function startEmulatorProxy(
  emulatorEndpoint: string,
  answer: (request: Request, send: Send) => Promise<Answer>,
): Promise<LoopbackServer> {
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

const DESCRIBE_IMAGES = 'AmazonEC2ContainerRegistry_V20150921.DescribeImages';

/** Adds to the emulator's ECR that an image which is not there is an error. */
export function startEcrProxy(emulatorEndpoint: string): Promise<LoopbackServer> {
  return startEmulatorProxy(emulatorEndpoint, async (request, send) => {
    const answer = await send(request);
    return targetOf(request) === DESCRIBE_IMAGES && answer.status === 200
      ? missingAsError(request, answer)
      : answer;
  });
}

function missingAsError(request: Request, answer: Answer): Answer {
  const { imageIds = [], repositoryName } = JSON.parse(request.body.toString()) as {
    readonly imageIds?: readonly object[];
    readonly repositoryName: string;
  };
  const { imageDetails } = JSON.parse(answer.body.toString()) as {
    readonly imageDetails: readonly object[];
  };
  if (imageDetails.length >= imageIds.length) return answer;
  const asked = JSON.stringify(imageIds);
  return refuse(
    'ImageNotFoundException',
    `The image with imageId ${asked} does not exist within the repository with name ` +
      `'${repositoryName}'`,
  );
}
