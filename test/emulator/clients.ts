import { ECS } from '@aws-sdk/client-ecs';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { Scheduler } from '@aws-sdk/client-scheduler';
import { SQS } from '@aws-sdk/client-sqs';
import { SSM } from '@aws-sdk/client-ssm';
import { clientSettings, FUNCTION_MILLISECONDS, TIMEOUTS } from '../../local/aws/clients';

/** Clients of an emulator that have each operation as a method. */
export type AwsClients = ReturnType<typeof awsClients>;

export function awsClients(endpoint: string) {
  const settings = clientSettings(endpoint);
  const patient = { ...TIMEOUTS, requestTimeout: FUNCTION_MILLISECONDS };
  const clients = {
    ecs: new ECS(settings),
    iam: new IAM(settings),
    lambda: new Lambda({ ...settings, requestHandler: patient }),
    s3: new S3({ ...settings, forcePathStyle: true }),
    scheduler: new Scheduler(settings),
    // It would otherwise follow the host in a queue's URL.
    sqs: new SQS({ ...settings, useQueueUrlAsEndpoint: false }),
    ssm: new SSM(settings),
  };
  const destroy = () => {
    for (const client of Object.values(clients)) client.destroy();
  };
  return { ...clients, endpoint, destroy };
}
