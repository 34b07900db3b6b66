import { awsClients } from '../emulator/clients';
import { run } from '../emulator/run-command';
import { terraformEnvironment } from './terraform-tools';

/** Everything of the kinds that the stacks make, by kind; names or ARNs, sorted. */
export type Inventory = Readonly<Record<string, readonly string[]>>;

type Names = readonly (string | undefined)[] | undefined;

/** Kinds that the SDK clients at hand do not know, by what the `aws` command is asked. */
const BY_COMMAND: Readonly<Record<string, string>> = {
  vpcs: 'ec2 describe-vpcs --query Vpcs[?!IsDefault].VpcId',
  subnets: 'ec2 describe-subnets --query Subnets[?!DefaultForAz].SubnetId',
  securityGroups: 'ec2 describe-security-groups --query SecurityGroups[].GroupId',
  endpoints: 'ec2 describe-vpc-endpoints --query VpcEndpoints[].VpcEndpointId',
  alarms: 'cloudwatch describe-alarms --query MetricAlarms[].AlarmName',
  dashboards: 'cloudwatch list-dashboards --query DashboardEntries[].DashboardName',
  logGroups: 'logs describe-log-groups --query logGroups[].logGroupName',
  repositories: 'ecr describe-repositories --query repositories[].repositoryName',
  projects: 'codebuild list-projects --query projects',
  rules: 'events list-rules --query Rules[].Name',
  topics: 'sns list-topics --query Topics[].TopicArn',
};

/** What is there now. */
export async function takeInventory(endpoint: string): Promise<Inventory> {
  const commands = Object.entries(BY_COMMAND).map(async ([kind, command]) => {
    const names = await run(
      'aws',
      [...command.split(' '), '--output', 'json', '--endpoint-url', endpoint],
      {
        folder: '/',
        environment: terraformEnvironment(endpoint),
      },
    );
    return [kind, JSON.parse(names) as Names] as const;
  });
  const kinds = [...(await bySdk(endpoint)), ...(await Promise.all(commands))];
  return Object.fromEntries(kinds.map(([kind, names]) => [kind, (names ?? []).map(String).sort()]));
}

async function bySdk(endpoint: string): Promise<readonly (readonly [string, Names])[]> {
  const clients = awsClients(endpoint);
  const { ecs, iam, lambda, s3, scheduler, sqs, ssm } = clients;
  try {
    return [
      ['buckets', (await s3.listBuckets({})).Buckets?.map(({ Name }) => Name)],
      ['queues', (await sqs.listQueues({})).QueueUrls],
      ['clusters', (await ecs.listClusters({})).clusterArns],
      ['taskDefinitions', (await ecs.listTaskDefinitions({ status: 'ACTIVE' })).taskDefinitionArns],
      ['parameters', (await ssm.describeParameters({})).Parameters?.map(({ Name }) => Name)],
      [
        'functions',
        (await lambda.listFunctions({})).Functions?.map(({ FunctionName }) => FunctionName),
      ],
      ['schedules', (await scheduler.listSchedules({})).Schedules?.map(({ Name }) => Name)],
      ['roles', (await iam.listRoles({})).Roles?.map(({ RoleName }) => RoleName)],
    ];
  } finally {
    clients.destroy();
  }
}
