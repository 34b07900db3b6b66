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

/** What surrounds a pipeline; what is absent was not asked, or not answered. */
interface Surroundings {
  /** State of the connection to the repository. */
  readonly connection?: string;
  readonly hearsPushes?: boolean;
  readonly unconfirmed?: readonly string[];
  readonly freeAddresses?: number;
  readonly vpcs?: number;
  readonly elasticIps?: number;
  readonly usesEventBridge?: boolean;
}

/** All that a doctor sees of a pipeline; what is absent was not looked at or is not there. */
export interface Examination extends Surroundings {
  /** When it was looked at, in milliseconds since the epoch. */
  readonly at: number;
  /** Absent before the stacks are deployed. */
  readonly status?: Status;
  /** Why there is no status. */
  readonly undeployed?: string;
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
  const unseen: Unseen[] = [];
  const look = lookInto(unseen);
  const deployed = await statusOf(operated, now).catch((error: unknown) => {
    if (!isDenied(error)) throw error;
    return look('the state of the pipeline', () => Promise.reject(error));
  });
  for (const [what, why] of Object.entries(deployed?.status?.unknown ?? {})) unseen.push({ what, why });
  const settings = environment?.pipelines[operated.chosen.pipeline];
  if (!environment || !settings) {
    unseen.push({ what: 'quotas, connection, subscriptions, network', why: 'a local run has none' });
    return { at: now, ...deployed, quotas: {}, unseen };
  }
  const isDeployed = deployed?.undeployed === undefined;
  const { checkup } = operated.account;
  const [surroundings, quotas] = await Promise.all([
    answersTo(questionsAbout(operated, environment, { settings, isDeployed }), look),
    answersTo(
      Object.fromEntries(
        quotasFor(environment, settings, isDeployed).map((name) => [
          name,
          question(`quota ${QUOTAS[name].name}`, () => checkup.quota(QUOTAS[name])),
        ]),
      ),
      look,
    ),
  ]);
  return { at: now, ...deployed, ...surroundings, quotas, unseen };
}

interface Question<Answer> {
  readonly what: string;
  readonly ask: () => Promise<Answer | undefined>;
}

const question = <Answer>(what: string, ask: () => Promise<Answer | undefined>): Question<Answer> => ({
  what,
  ask,
});

type Questions<Answers> = { readonly [Name in keyof Answers]: Question<NonNullable<Answers[Name]>> };

/** Those that make sense of this configuration, before or after a deploy. */
function questionsAbout(
  operated: Operated,
  environment: Environment,
  { settings, isDeployed }: { readonly settings: PipelineSettings; readonly isDeployed: boolean },
): Questions<Surroundings> {
  const { delivery, network } = environment;
  const { checkup } = operated.account;
  const isConnected = isDeployed && delivery.source === 'connection';
  const makesNetwork = !isDeployed && network.vpcId === null;
  const { existingSourceBucket: existing } = settings;
  const connection = delivery.connectionArn ?? environmentPrefix(environment);
  return {
    ...(isConnected && {
      connection: question('the connection of the delivery', () => checkup.connectionStatus(connection)),
      hearsPushes: question('the trigger of the delivery', () =>
        checkup.hearsPushes(deliveryNames(environment).pipeline),
      ),
    }),
    ...(isDeployed && {
      unconfirmed: question('subscriptions of the topics', () => unconfirmedOf(operated, environment)),
      freeAddresses: question('free addresses', () => freeIn(operated)),
    }),
    ...(makesNetwork && { vpcs: question('VPCs of the account', () => checkup.vpcs()) }),
    ...(makesNetwork &&
      network.egress.startsWith('nat') && {
        elasticIps: question('Elastic IP addresses of the account', () => checkup.elasticIps()),
      }),
    ...(existing && {
      usesEventBridge: question(`events of ${existing.name}`, () => checkup.usesEventBridge(existing.name)),
    }),
  };
}

/** Asks all at once; what is not answered is absent. */
async function answersTo<Answers extends object>(
  questions: Questions<Answers>,
  look: ReturnType<typeof lookInto>,
): Promise<Partial<Answers>> {
  const asked = Object.entries<Question<unknown>>(questions).map(
    async ([name, { what, ask }]) => [name, await look(what, ask)] as const,
  );
  const answers = (await Promise.all(asked)).filter(([, answer]) => answer !== undefined);
  return Object.fromEntries(answers) as Partial<Answers>;
}

/** Asks, and notes what was not answered. */
function lookInto(unseen: Unseen[]) {
  return async <Seen>(what: string, seeing: () => Promise<Seen | undefined>): Promise<Seen | undefined> => {
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
