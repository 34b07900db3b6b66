import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, type Request, refuse } from '../../local/fargate/answer';
import { forwardTo } from '../../local/fargate/forward';

export interface EcrFront {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const DESCRIBE_IMAGES = 'AmazonEC2ContainerRegistry_V20150921.DescribeImages';

/** A loopback proxy before the emulator that knows what its ECR does not: an image that is asked for by name and is not there is an error. */
export async function startEcrFront(emulatorEndpoint: string): Promise<EcrFront> {
  const upstream = forwardTo(emulatorEndpoint);
  const server = createServer(async (incoming, outgoing) => {
    const request = await readRequest(incoming);
    const answer = await upstream.send(request).then((answered) => correct(request, answered));
    outgoing
      .writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length })
      .end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      upstream.close();
    },
  };
}

function correct(request: Request, answer: Answer): Answer {
  if (request.headers['x-amz-target'] !== DESCRIBE_IMAGES || answer.status !== 200) return answer;
  const { imageIds = [], repositoryName } = JSON.parse(request.body.toString()) as {
    readonly imageIds?: readonly object[];
    readonly repositoryName: string;
  };
  const { imageDetails } = JSON.parse(answer.body.toString()) as { readonly imageDetails: readonly object[] };
  if (imageDetails.length >= imageIds.length) return answer;
  const asked = JSON.stringify(imageIds);
  return refuse(
    'ImageNotFoundException',
    `The image with imageId ${asked} does not exist within the repository with name '${repositoryName}'`,
  );
}

async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = 'POST', url = '/', headers } = incoming;
  return { method, path: url, headers, body: Buffer.concat(chunks) };
}
