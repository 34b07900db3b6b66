/** Who calls S3 and SQS: a lean client of the SDK's parts, or the AWS SDK as a whole. */
export const AWS_CLIENTS = ['lean', 'sdk'] as const;
export type AwsClient = (typeof AWS_CLIENTS)[number];
