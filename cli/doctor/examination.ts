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
  /** Absent before the stacks are deployed. */
  readonly status?: Status;
  /** Why there is no status. */
  readonly undeployed?: string;
  readonly connection?: string | undefined;
  readonly unconfirmed?: readonly string[];
  readonly freeAddresses?: number;
  readonly vpcs?: number;
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
    ...(pipeline.spotWeight > 0 ? (['spotVcpus'] as const) : []),
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
  const look = async <Seen>(what: string, seeing: () => Promise<Seen>): Promise<Seen | undefined> => {
    try {
      return await seeing();
    } catch (error) {
      unseen.push({ what, why: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
      return undefined;
    }
  };
  const deployed = await statusOf(operated, now);
  const settings = environment?.pipelines[chosen.pipeline];
  if (!environment || !settings) return { ...deployed, quotas: {}, unseen };

  const [connection, unconfirmed, freeAddresses, vpcs, usesEventBridge] = await Promise.all([
    deployed.status && environment.delivery.source === 'connection' && !environment.delivery.connectionArn
      ? look('the connection of the delivery', () => checkup.connectionStatus(environmentPrefix(environment)))
      : undefined,
    deployed.status
      ? look('subscriptions of the topics', () => unconfirmedOf(operated, environment))
      : undefined,
    deployed.status ? look('free addresses', () => freeIn(operated)) : undefined,
    deployed.status || environment.network.vpcId
      ? undefined
      : look('VPCs of the account', () => checkup.vpcs()),
    settings.existingSourceBucket
      ? look(`events of ${settings.existingSourceBucket.name}`, () =>
          checkup.usesEventBridge(settings.existingSourceBucket?.name ?? ''),
        )
      : undefined,
  ]);
  const quotas = await Promise.all(
    quotasFor(environment, settings, deployed.status !== undefined).map(
      async (name) =>
        [name, await look(`quota ${QUOTAS[name].name}`, () => checkup.quota(QUOTAS[name]))] as const,
    ),
  );
  return {
    ...deployed,
    connection,
    ...(unconfirmed && { unconfirmed }),
    ...(freeAddresses !== undefined && { freeAddresses }),
    ...(vpcs !== undefined && { vpcs }),
    ...(usesEventBridge !== undefined && { usesEventBridge }),
    quotas: Object.fromEntries(quotas.filter(([, value]) => value !== undefined)),
    unseen,
  };
}

async function statusOf(
  operated: Operated,
  now: number,
): Promise<Pick<Examination, 'status' | 'undeployed'>> {
  try {
    return { status: await readStatus(operated, now) };
  } catch (error) {
    // `lookingIn` tells what is missing and how it comes; everything else is an error of its own.
    if (error instanceof Refused) return { undeployed: error.message };
    throw error;
  }
}

async function unconfirmedOf({ account }: Operated, environment: Environment): Promise<readonly string[]> {
  const { topicArn, emails } = environment.alarms;
  const topics = [
    ...(topicArn === null && emails.length > 0 ? [`${environmentPrefix(environment)}-alarms`] : []),
    ...(environment.delivery.emails.length > 0 ? [deliveryNames(environment).topic] : []),
  ];
  return (await Promise.all(topics.map((topic) => account.checkup.unconfirmedEndpoints(topic)))).flat();
}

async function freeIn({ account, chosen }: Operated): Promise<number> {
  const { SUBNETS = '' } = await account.scaler.variables(chosen.scaler);
  return account.checkup.freeAddresses(SUBNETS.split(','));
}
