import { LOCAL_CREDENTIALS } from '../environment';
import type { Pipeline } from '../ports';

/** How to look around in a pipeline that was left running. */
export function keepSentences(pipeline: Pipeline): string[] {
  return [
    '',
    'The pipeline is left running. In another terminal:',
    `  export AWS_ENDPOINT_URL=${pipeline.endpoint} AWS_REGION=${pipeline.region}`,
    `  export AWS_ACCESS_KEY_ID=${LOCAL_CREDENTIALS.accessKeyId} AWS_SECRET_ACCESS_KEY=${LOCAL_CREDENTIALS.secretAccessKey}`,
    `  aws s3 ls --recursive s3://${pipeline.destinationBucket}/`,
    `  aws s3 cp photo.jpg s3://${pipeline.sourceBucket}/${pipeline.sourcePrefix}photo.jpg`,
    `  aws sqs receive-message --message-attribute-names All --queue-url ${pipeline.deadLetterQueueUrl}`,
    `  aws ecs list-tasks --desired-status STOPPED --cluster ${pipeline.cluster} --endpoint-url ${pipeline.ecsEndpoint}`,
    `  aws lambda invoke --function-name ${pipeline.scalerFunctionName} /dev/stdout`,
    'Ctrl-C ends it.',
  ];
}
