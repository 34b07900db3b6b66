import type { Checkup } from '../ports/account';

/** The clients are loaded when the first question is asked: only one command asks any. */
export function createCheckup(options: object): Checkup {
  return {
    async connectionStatus(name) {
      const { CodeStarConnectionsClient, GetConnectionCommand, paginateListConnections } =
        await import('@aws-sdk/client-codestar-connections');
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
    },
    async hearsPushes(name) {
      const { CodePipelineClient, GetPipelineCommand } = await import(
        '@aws-sdk/client-codepipeline'
      );
      const { pipeline } = await new CodePipelineClient(options).send(
        new GetPipelineCommand({ name }),
      );
      return (pipeline?.triggers ?? []).length > 0;
    },
    async confirmedEndpoints(topic) {
      const { paginateListSubscriptions, SNSClient } = await import('@aws-sdk/client-sns');
      const client = new SNSClient(options);
      const found: string[] = [];
      for await (const { Subscriptions = [] } of paginateListSubscriptions({ client }, {})) {
        const mine = Subscriptions.filter(({ TopicArn }) => TopicArn?.endsWith(`:${topic}`));
        // "PendingConfirmation" or "Deleted" otherwise.
        const confirmed = mine.filter(({ SubscriptionArn }) => SubscriptionArn?.startsWith('arn:'));
        found.push(...confirmed.map(({ Endpoint = '' }) => Endpoint));
      }
      return found;
    },
    async freeAddresses(subnetIds) {
      const { DescribeSubnetsCommand, EC2Client } = await import('@aws-sdk/client-ec2');
      const { Subnets = [] } = await new EC2Client(options).send(
        new DescribeSubnetsCommand({ SubnetIds: [...subnetIds] }),
      );
      return Subnets.reduce(
        (sum, { AvailableIpAddressCount = 0 }) => sum + AvailableIpAddressCount,
        0,
      );
    },
    async vpcs() {
      const { EC2Client, paginateDescribeVpcs } = await import('@aws-sdk/client-ec2');
      const client = new EC2Client(options);
      let count = 0;
      for await (const { Vpcs = [] } of paginateDescribeVpcs({ client }, {})) count += Vpcs.length;
      return count;
    },
    async elasticIps() {
      const { DescribeAddressesCommand, EC2Client } = await import('@aws-sdk/client-ec2');
      const { Addresses = [] } = await new EC2Client(options).send(
        new DescribeAddressesCommand({}),
      );
      return Addresses.length;
    },
    async quota({ service, code, name }) {
      const { paginateListServiceQuotas, GetServiceQuotaCommand, ServiceQuotasClient } =
        await import('@aws-sdk/client-service-quotas');
      const client = new ServiceQuotasClient(options);
      if (code) {
        const request = { ServiceCode: service, QuotaCode: code };
        return (await client.send(new GetServiceQuotaCommand(request))).Quota?.Value;
      }
      for await (const { Quotas = [] } of paginateListServiceQuotas(
        { client },
        { ServiceCode: service },
      )) {
        const found = Quotas.find(({ QuotaName }) => QuotaName === name);
        if (found) return found.Value;
      }
      return undefined;
    },
    async usesEventBridge(Bucket) {
      const { GetBucketNotificationConfigurationCommand, S3Client } = await import(
        '@aws-sdk/client-s3'
      );
      const client = new S3Client({ ...options, followRegionRedirects: true });
      const answer = await client.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
      return answer.EventBridgeConfiguration !== undefined;
    },
  };
}
