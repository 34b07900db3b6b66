import type { LoopbackServer } from '../../local/ecs/aws-http';
import { type AwsRequest, type AwsResponse, errorResponse } from '../../local/ecs/aws-http';
import { startProxy, targetOf } from '../fakes/proxy';

const DESCRIBE_IMAGES = 'AmazonEC2ContainerRegistry_V20150921.DescribeImages';

/** Adds to the emulator's ECR that an image which is not there is an error. */
export function startEcrProxy(emulatorEndpoint: string): Promise<LoopbackServer> {
  return startProxy(emulatorEndpoint, async (request, send) => {
    const answer = await send(request);
    return targetOf(request) === DESCRIBE_IMAGES && answer.status === 200
      ? missingAsError(request, answer)
      : answer;
  });
}

function missingAsError(request: AwsRequest, answer: AwsResponse): AwsResponse {
  const { imageIds = [], repositoryName } = JSON.parse(request.body.toString()) as {
    readonly imageIds?: readonly object[];
    readonly repositoryName: string;
  };
  const { imageDetails } = JSON.parse(answer.body.toString()) as {
    readonly imageDetails: readonly object[];
  };
  if (imageDetails.length >= imageIds.length) return answer;
  const asked = JSON.stringify(imageIds);
  return errorResponse(
    'ImageNotFoundException',
    `The image with imageId ${asked} does not exist within the repository with name ` +
      `'${repositoryName}'`,
  );
}
