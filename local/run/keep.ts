import { LOCAL_CREDENTIALS } from '../environment';
import type { Pipeline } from '../ports';

/** How to look around in a pipeline that was left running. */
export function keepSentences(pipeline: Pipeline): string[] {
  const at = `--endpoint-url ${pipeline.endpoint}`;
  return [
    '',
    'The pipeline is left running. In another terminal:',
    `  npx spillway status --local ${pipeline.endpoint}`,
    `  export AWS_ACCESS_KEY_ID=${LOCAL_CREDENTIALS.accessKeyId} AWS_SECRET_ACCESS_KEY=${LOCAL_CREDENTIALS.secretAccessKey} AWS_DEFAULT_REGION=${pipeline.region}`,
    `  aws ${at} s3 ls --recursive s3://${pipeline.destinationBucket}/`,
    `  aws ${at} s3 cp photo.jpg s3://${pipeline.sourceBucket}/${pipeline.sourcePrefix}photo.jpg`,
    `  aws ${at} sqs receive-message --message-attribute-names All --queue-url ${pipeline.deadLetterQueueUrl}`,
    `  aws --endpoint-url ${pipeline.ecsEndpoint} ecs list-tasks --desired-status STOPPED --cluster ${pipeline.cluster}`,
    `  aws ${at} lambda invoke --function-name ${pipeline.scalerFunctionName} /dev/stdout`,
    'Ctrl-C ends it.',
  ];
}
