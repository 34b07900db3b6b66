import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { EC2 } from '@aws-sdk/client-ec2';
import { ECR } from '@aws-sdk/client-ecr';
import { SNS } from '@aws-sdk/client-sns';
import { clientSettings } from '../../local/aws/clients';
import { askJson } from '../delivery/emulator-api';
import { type AwsClients, awsClients } from '../emulator/clients';

/** Everything of the kinds that the stacks make, by kind; names or ARNs, sorted. */
export type Inventory = Readonly<Record<string, readonly string[]>>;

type Names = readonly (string | undefined)[] | undefined;
type Questions = Readonly<Record<string, () => Promise<Names>>>;

/** What is there now. A start of the `aws` command costs as much as all these calls together. */
export async function takeInventory(endpoint: string): Promise<Inventory> {
  const settings = clientSettings(endpoint);
  const clients = awsClients(endpoint);
  const network = new EC2(settings);
  const more = {
    cloudWatch: new CloudWatch(settings),
    ecr: new ECR(settings),
    logs: new CloudWatchLogs(settings),
    sns: new SNS(settings),
  };
  try {
    const questions = {
      ...questionsOf(clients),
      ...networkQuestions(network),
      ...furtherQuestions(more),
      ...questionsWithoutClient(endpoint),
    };
    const kinds = Object.entries(questions).map(
      async ([kind, ask]) => [kind, ((await ask()) ?? []).map(String).sort()] as const,
    );
    return Object.fromEntries(await Promise.all(kinds));
  } finally {
    for (const client of [clients, network, ...Object.values(more)]) client.destroy();
  }
}

const questionsOf = (aws: AwsClients): Questions => ({
  buckets: async () => (await aws.s3.listBuckets({})).Buckets?.map(({ Name }) => Name),
  queues: async () => (await aws.sqs.listQueues({})).QueueUrls,
  clusters: async () => (await aws.ecs.listClusters({})).clusterArns,
  taskDefinitions: async () =>
    (await aws.ecs.listTaskDefinitions({ status: 'ACTIVE' })).taskDefinitionArns,
  parameters: async () =>
    (await aws.ssm.describeParameters({})).Parameters?.map(({ Name }) => Name),
  functions: async () =>
    (await aws.lambda.listFunctions({})).Functions?.map(({ FunctionName }) => FunctionName),
  schedules: async () => (await aws.scheduler.listSchedules({})).Schedules?.map(({ Name }) => Name),
  roles: async () => (await aws.iam.listRoles({})).Roles?.map(({ RoleName }) => RoleName),
});

/** Every account has a default network, which no stack makes. */
const networkQuestions = (ec2: EC2): Questions => ({
  vpcs: async () =>
    (await ec2.describeVpcs({})).Vpcs?.filter(({ IsDefault }) => !IsDefault).map(
      ({ VpcId }) => VpcId,
    ),
  subnets: async () =>
    (await ec2.describeSubnets({})).Subnets?.filter(({ DefaultForAz }) => !DefaultForAz).map(
      ({ SubnetId }) => SubnetId,
    ),
  securityGroups: async () =>
    (await ec2.describeSecurityGroups({})).SecurityGroups?.map(({ GroupId }) => GroupId),
  endpoints: async () =>
    (await ec2.describeVpcEndpoints({})).VpcEndpoints?.map(({ VpcEndpointId }) => VpcEndpointId),
});

interface FurtherClients {
  readonly cloudWatch: CloudWatch;
  readonly ecr: ECR;
  readonly logs: CloudWatchLogs;
  readonly sns: SNS;
}

const furtherQuestions = ({ cloudWatch, ecr, logs, sns }: FurtherClients): Questions => ({
  alarms: async () =>
    (await cloudWatch.describeAlarms({})).MetricAlarms?.map(({ AlarmName }) => AlarmName),
  logGroups: async () =>
    (await logs.describeLogGroups({})).logGroups?.map(({ logGroupName }) => logGroupName),
  repositories: async () =>
    (await ecr.describeRepositories({})).repositories?.map((found) => found.repositoryName),
  topics: async () => (await sns.listTopics({})).Topics?.map(({ TopicArn }) => TopicArn),
});

/** The emulator's dashboards have no time that CloudWatch's client can read. */
const questionsWithoutClient = (endpoint: string): Questions => ({
  dashboards: async () => {
    const target = 'GraniteServiceVersion20100801.ListDashboards';
    const asked = { service: 'monitoring', target, input: {} };
    const { DashboardEntries } = await askJson<Listed>(endpoint, asked);
    return DashboardEntries?.map(({ DashboardName }) => DashboardName);
  },
  projects: async () => {
    const target = 'CodeBuild_20161006.ListProjects';
    return (await askJson<Listed>(endpoint, { service: 'codebuild', target, input: {} })).projects;
  },
  rules: async () => {
    const target = 'AWSEvents.ListRules';
    const asked = { service: 'events', target, input: {} };
    return (await askJson<Listed>(endpoint, asked)).Rules?.map(({ Name }) => Name);
  },
});

interface Listed {
  readonly DashboardEntries?: readonly { readonly DashboardName: string }[];
  readonly projects?: readonly string[];
  readonly Rules?: readonly { readonly Name: string }[];
}
