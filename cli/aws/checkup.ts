import type { Checkup, QuotaId } from '../ports/account';
import { createWakeUpCheckup } from './wake-up-checkup';

/** The clients are loaded when the first question is asked: only one command asks any. */
export function createCheckup(options: object): Checkup {
  return {
    connectionStatus: (nameOrArn) => connectionStatus(options, nameOrArn),
    hearsPushes: (pipeline) => hearsPushes(options, pipeline),
    confirmedEndpoints: (topic) => confirmedEndpoints(options, topic),
    freeAddresses: (subnetIds) => freeAddresses(options, subnetIds),
    vpcs: () => countVpcs(options),
    elasticIps: () => countElasticIps(options),
    quota: (id) => quota(options, id),
    usesEventBridge: (bucket) => usesEventBridge(options, bucket),
    wakeUps: createWakeUpCheckup(options),
  };
}

async function connectionStatus(options: object, name: string): Promise<string | undefined> {
  const { CodeStarConnectionsClient, GetConnectionCommand, paginateListConnections } = await import(
    './checkup-clients'
  );
  const client = new CodeStarConnectionsClient(options);
  if (name.startsWith('arn:')) {
    const { Connection } = await client.send(new GetConnectionCommand({ ConnectionArn: name }));
    return Connection?.ConnectionStatus;
  }
  for await (const { Connections = [] } of paginateListConnections({ client }, {})) {
    const found = Connections.find(({ ConnectionName }) => ConnectionName === name);
    if (found) return found.ConnectionStatus;
  }
  return undefined;
}

async function hearsPushes(options: object, name: string): Promise<boolean> {
  const { CodePipelineClient, GetPipelineCommand } = await import('./checkup-clients');
  const client = new CodePipelineClient(options);
  const { pipeline } = await client.send(new GetPipelineCommand({ name }));
  return (pipeline?.triggers ?? []).length > 0;
}

async function confirmedEndpoints(options: object, topic: string): Promise<readonly string[]> {
  const { paginateListSubscriptions, SNSClient } = await import('./checkup-clients');
  const client = new SNSClient(options);
  const found: string[] = [];
  for await (const { Subscriptions = [] } of paginateListSubscriptions({ client }, {})) {
    const mine = Subscriptions.filter(({ TopicArn }) => TopicArn?.endsWith(`:${topic}`));
    // "PendingConfirmation" or "Deleted" otherwise.
    const confirmed = mine.filter(({ SubscriptionArn }) => SubscriptionArn?.startsWith('arn:'));
    found.push(...confirmed.map(({ Endpoint = '' }) => Endpoint));
  }
  return found;
}

async function freeAddresses(options: object, subnetIds: readonly string[]): Promise<number> {
  const { DescribeSubnetsCommand, EC2Client } = await import('./checkup-clients');
  const { Subnets = [] } = await new EC2Client(options).send(
    new DescribeSubnetsCommand({ SubnetIds: [...subnetIds] }),
  );
  return Subnets.reduce((sum, subnet) => sum + (subnet.AvailableIpAddressCount ?? 0), 0);
}

async function countVpcs(options: object): Promise<number> {
  const { EC2Client, paginateDescribeVpcs } = await import('./checkup-clients');
  const client = new EC2Client(options);
  let count = 0;
  for await (const { Vpcs = [] } of paginateDescribeVpcs({ client }, {})) count += Vpcs.length;
  return count;
}

async function countElasticIps(options: object): Promise<number> {
  const { DescribeAddressesCommand, EC2Client } = await import('./checkup-clients');
  const { Addresses = [] } = await new EC2Client(options).send(new DescribeAddressesCommand({}));
  return Addresses.length;
}

async function quota(
  options: object,
  { service: ServiceCode, code: QuotaCode, name }: QuotaId,
): Promise<number | undefined> {
  const { paginateListServiceQuotas, GetServiceQuotaCommand, ServiceQuotasClient } = await import(
    './checkup-clients'
  );
  const client = new ServiceQuotasClient(options);
  if (QuotaCode) {
    const { Quota } = await client.send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode }));
    return Quota?.Value;
  }
  for await (const { Quotas = [] } of paginateListServiceQuotas({ client }, { ServiceCode })) {
    const found = Quotas.find(({ QuotaName }) => QuotaName === name);
    if (found) return found.Value;
  }
  return undefined;
}

async function usesEventBridge(options: object, Bucket: string): Promise<boolean> {
  const { GetBucketNotificationConfigurationCommand, S3Client } = await import(
    '@aws-sdk/client-s3'
  );
  const client = new S3Client({ ...options, followRegionRedirects: true });
  const answer = await client.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  return answer.EventBridgeConfiguration !== undefined;
}
