import { LOCAL_CREDENTIALS } from '../environment';
import type { Emulator, Pipeline } from '../ports';

/** Leaves a pipeline running until Ctrl-C or the end of the emulator. */
export async function keepRunning(
  { pipeline, emulator }: { readonly pipeline: Pipeline; readonly emulator: Emulator },
  stop: AbortSignal,
  print: (text: string) => void,
): Promise<void> {
  print(instructions(pipeline).join('\n'));
  const asked = new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener('abort', () => resolve());
  });
  const died = await Promise.race([asked, emulator.died]);
  if (died !== undefined) print(died);
}

/** How to look around in a pipeline that was left running. */
function instructions(pipeline: Pipeline): string[] {
  const { accessKeyId, secretAccessKey } = LOCAL_CREDENTIALS;
  const { sourceBucket, sourcePrefix, destinationBucket, deadLetterQueueUrl, cluster } = pipeline;
  const aws = `aws --endpoint-url ${pipeline.endpoint}`;
  return [
    '',
    'The pipeline is left running. In another terminal:',
    `  npx spillway status --local ${pipeline.endpoint}`,
    `  export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey} ` +
      `AWS_DEFAULT_REGION=${pipeline.region}`,
    `  ${aws} s3 ls --recursive s3://${destinationBucket}/`,
    `  ${aws} s3 cp photo.jpg s3://${sourceBucket}/${sourcePrefix}photo.jpg`,
    `  ${aws} sqs receive-message --message-attribute-names All --queue-url ${deadLetterQueueUrl}`,
    `  aws --endpoint-url ${pipeline.ecsEndpoint} ecs list-tasks --desired-status STOPPED ` +
      `--cluster ${cluster}`,
    `  ${aws} lambda invoke --function-name ${pipeline.scalerFunctionName} /dev/stdout`,
    'Ctrl-C ends it.',
  ];
}
