import { deliveryNames, environmentPrefix } from '../../pipeline/names';
import type { Environment, PipelineSettings } from '../../stacks/config/blueprint-config';
import { Refused } from '../failures';
import type { Operated } from '../operated';
import type { QuotaId } from '../ports';
import { readStatus, type Status } from '../status/read-status';

/** What was not looked at, and why: an emulator does not know it, or a permission is missing. */
export interface Unseen {
  readonly what: string;
  readonly why: string;
}

/** All that a doctor sees of a pipeline; what is absent was not looked at or is not there. */
export interface Examination {
  /** When it was looked at, in milliseconds since the epoch. */
  readonly at: number;
  /** Absent before the stacks are deployed. */
  readonly status?: Status;
  /** Why there is no status. */
  readonly undeployed?: string;
  readonly connection?: string | undefined;
  readonly unconfirmed?: readonly string[];
  readonly freeAddresses?: number;
  readonly vpcs?: number;
  readonly elasticIps?: number;
  readonly usesEventBridge?: boolean;
  readonly quotas: Readonly<Partial<Record<QuotaName, number>>>;
  readonly unseen: readonly Unseen[];
}

/** https://docs.aws.amazon.com/general/latest/gr/ecs-service.html and its neighbours. */
export const QUOTAS = {
  onDemandVcpus: {
    service: 'fargate',
    code: 'L-3032A538',
    name: 'Fargate On-Demand vCPU resource count',
  },
  spotVcpus: { service: 'fargate', code: 'L-36FBB829', name: 'Fargate Spot vCPU resource count' },
  lambdaRuns: { service: 'lambda', code: 'L-B99A9384', name: 'Concurrent executions' },
  vpcs: { service: 'vpc', code: 'L-F678F1CE', name: 'VPCs per Region' },
  elasticIps: { service: 'ec2', code: 'L-0263D0A3', name: 'EC2-VPC Elastic IPs' },
  armBuilds: { service: 'codebuild', name: 'Concurrently running builds for ARM/Small environment' },
  x86Builds: { service: 'codebuild', name: 'Concurrently running builds for Linux/Small environment' },
} as const satisfies Readonly<Record<string, QuotaId>>;

export type QuotaName = keyof typeof QUOTAS;

/** Quotas that a configuration needs anything of. */
function quotasFor(
  environment: Environment,
  pipeline: PipelineSettings,
  isDeployed: boolean,
): readonly QuotaName[] {
  const { network, delivery, scaler } = environment;
  // What stands already has its VPC and its addresses.
  const isOwnNetwork = network.vpcId === null && !isDeployed;
  const builds = pipeline.image === null && delivery.source !== 'none';
  return [
    'onDemandVcpus',
    'spotVcpus',
    ...(scaler.reservedConcurrency === null ? [] : (['lambdaRuns'] as const)),
    ...(isOwnNetwork ? (['vpcs'] as const) : []),
    ...(isOwnNetwork && network.egress.startsWith('nat') ? (['elasticIps'] as const) : []),
    ...(builds ? ([pipeline.architecture === 'arm64' ? 'armBuilds' : 'x86Builds'] as const) : []),
  ];
}

/**
 * Looks at everything at once. A question that is not answered is told and hides nothing else.
 * @param environment - absent for a local run.
 */
export async function examine(
  operated: Operated,
  environment: Environment | undefined,
  now: number,
): Promise<Examination> {
  const { account, chosen } = operated;
  const { checkup } = account;
  const unseen: Unseen[] = [];
  const look = lookInto(unseen);
  const deployed = await statusOf(operated, now).catch((error: unknown) => {
    if (!isDenied(error)) throw error;
    return look('the state of the pipeline', () => Promise.reject(error));
  });
  for (const [what, why] of Object.entries(deployed?.status?.unknown ?? {})) unseen.push({ what, why });
  const settings = environment?.pipelines[chosen.pipeline];
  if (!environment || !settings) return { at: now, ...deployed, quotas: {}, unseen };

  const isDeployed = deployed?.undeployed === undefined;
  const { delivery, network } = environment;
  const makesAddresses = !isDeployed && network.vpcId === null && network.egress.startsWith('nat');
  const [connection, unconfirmed, freeAddresses, vpcs, elasticIps, usesEventBridge] = await Promise.all([
    isDeployed && delivery.source === 'connection'
      ? look('the connection of the delivery', () =>
          checkup.connectionStatus(delivery.connectionArn ?? environmentPrefix(environment)),
        )
      : undefined,
    isDeployed ? look('subscriptions of the topics', () => unconfirmedOf(operated, environment)) : undefined,
    isDeployed ? look('free addresses', () => freeIn(operated)) : undefined,
    isDeployed || network.vpcId ? undefined : look('VPCs of the account', () => checkup.vpcs()),
    makesAddresses ? look('Elastic IP addresses of the account', () => checkup.elasticIps()) : undefined,
    settings.existingSourceBucket
      ? look(`events of ${settings.existingSourceBucket.name}`, () =>
          checkup.usesEventBridge(settings.existingSourceBucket?.name ?? ''),
        )
      : undefined,
  ]);
  const quotas = await Promise.all(
    quotasFor(environment, settings, isDeployed).map(
      async (name) =>
        [name, await look(`quota ${QUOTAS[name].name}`, () => checkup.quota(QUOTAS[name]))] as const,
    ),
  );
  return {
    at: now,
    ...deployed,
    connection,
    ...(unconfirmed && { unconfirmed }),
    ...(freeAddresses !== undefined && { freeAddresses }),
    ...(vpcs !== undefined && { vpcs }),
    ...(elasticIps !== undefined && { elasticIps }),
    ...(usesEventBridge !== undefined && { usesEventBridge }),
    quotas: Object.fromEntries(quotas.filter(([, value]) => value !== undefined)),
    unseen,
  };
}

/** Asks, and notes what was not answered. */
function lookInto(unseen: Unseen[]) {
  return async <Seen>(what: string, seeing: () => Promise<Seen>): Promise<Seen | undefined> => {
    try {
      const seen = await seeing();
      if (seen === undefined) unseen.push({ what, why: 'AWS lists none of that name' });
      return seen;
    } catch (error) {
      unseen.push({ what, why: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
      return undefined;
    }
  };
}

/** A permission that is missing, also where a command would take it for a deploy that is missing. */
function isDenied(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /^(AccessDenied(Exception)?|UnauthorizedOperation)$/.test(error.name) || isDenied(error.cause);
}

async function statusOf(
  operated: Operated,
  now: number,
): Promise<Pick<Examination, 'status' | 'undeployed'>> {
  try {
    return { status: await readStatus(operated, now) };
  } catch (error) {
    // `lookingIn` tells what is missing and how it comes; everything else is an error of its own.
    if (error instanceof Refused && !isDenied(error)) return { undeployed: error.message };
    throw error;
  }
}

/**
 * Addresses of the configuration without a confirmed subscription, whether it waits or is gone: SNS deletes one
 * that nobody confirms after 48 hours. https://docs.aws.amazon.com/sns/latest/dg/sns-delete-subscription-topic.html
 */
async function unconfirmedOf({ account }: Operated, environment: Environment): Promise<readonly string[]> {
  const { alarms, delivery } = environment;
  const topics = [
    [`${environmentPrefix(environment)}-alarms`, alarms.topicArn === null ? alarms.emails : []],
    [deliveryNames(environment).topic, delivery.emails],
  ] as const;
  const missing = topics.map(async ([topic, emails]) => {
    if (emails.length === 0) return [];
    const confirmed = await account.checkup.confirmedEndpoints(topic);
    return emails.filter((email) => !confirmed.includes(email));
  });
  return [...new Set((await Promise.all(missing)).flat())];
}

async function freeIn({ account, chosen }: Operated): Promise<number> {
  const { SUBNETS = '' } = await account.scaler.variables(chosen.scaler);
  return account.checkup.freeAddresses(SUBNETS.split(','));
}
