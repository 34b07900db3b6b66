import { deliveryNames, environmentPrefix } from '../../contract/names';
import type { Environment, PipelineSettings } from '../../stacks/config/blueprint-config';
import { fleetPlaceOf } from '../status/read-status';
import type { Target } from '../target/target';
import { type Inquiry, part, type Questions, question } from './questions';
import { type WakeUpParts, wakeUpQuestions } from './wake-ups';

/** What a pipeline depends on; what is absent was not asked, or not answered. */
export interface Dependencies extends WakeUpParts {
  /** State of the connection to the repository. */
  readonly connection?: string;
  readonly hearsPushes?: boolean;
  readonly unconfirmed?: readonly string[];
  readonly freeAddresses?: number;
  readonly vpcs?: number;
  readonly elasticIps?: number;
  readonly usesEventBridge?: boolean;
  /** Most runs of the scaler at a time. */
  readonly mostRuns?: number;
}

/** A pipeline of an environment, and what a deploy has made of it. */
export interface Subject extends Parts {
  readonly environment: Environment;
  readonly settings: PipelineSettings;
}

/** The questions that make sense for this configuration, before or after a deploy. */
export function questionsAbout(target: Target, subject: Subject): Questions<Dependencies> {
  const { environment, settings, isDeployed } = subject;
  const { checkup } = target.account;
  const { existingSourceBucket: existing } = settings;
  return {
    ...(isDeployed ? questionsAfterDeploy(target, subject) : questionsBefore(target, environment)),
    ...(existing && {
      usesEventBridge: question(`events of ${existing.name}`, () =>
        checkup.usesEventBridge(existing.name),
      ),
    }),
  };
}

function questionsBefore(
  { account: { checkup } }: Target,
  { network }: Environment,
): Questions<Dependencies> {
  if (network.vpcId !== null) return {};
  return {
    vpcs: question('VPCs of the account', () => checkup.vpcs()),
    ...(network.egress.startsWith('nat') && {
      elasticIps: question('Elastic IP addresses of the account', () => checkup.elasticIps()),
    }),
  };
}

function questionsAfterDeploy(
  target: Target,
  { environment, settings, hasScaler }: Subject,
): Questions<Dependencies> {
  const {
    account: { checkup },
    chosen: { scaler },
  } = target;
  const { delivery, pipelines } = environment;
  const connection = delivery.connectionArn ?? environmentPrefix(environment);
  const { pipeline } = deliveryNames(environment);
  const isDelivered =
    delivery.source !== 'none' && Object.values(pipelines).some(({ image }) => image === null);
  return {
    ...(isDelivered && {
      hearsPushes: part(`the delivery pipeline ${pipeline}`, () => checkup.hearsPushes(pipeline)),
    }),
    ...(isDelivered &&
      delivery.source === 'connection' && {
        connection: question('the connection of the delivery', () =>
          checkup.connectionStatus(connection),
        ),
      }),
    unconfirmed: question('subscriptions of the topics', () => unconfirmedOf(target, environment)),
    // The scaler knows them.
    ...(hasScaler && {
      freeAddresses: part('the subnets of the tasks', () => freeIn(target)),
      mostRuns: part(`the function ${scaler}`, () => checkup.wakeUps.mostRuns(scaler)),
    }),
    ...(hasScaler && settings.wake === 'event' && wakeUpQuestions(target)),
  };
}

/**
 * Addresses of the configuration without a confirmed subscription, whether it waits or is gone: SNS
 * deletes one that is not confirmed within 48 hours.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-delete-subscription-topic.html
 */
async function unconfirmedOf(
  { account }: Target,
  environment: Environment,
): Promise<readonly string[]> {
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

async function freeIn({ account, chosen }: Target): Promise<number> {
  const { SUBNETS = '' } = await account.scaler.variables(chosen.scaler);
  return account.checkup.freeAddresses(SUBNETS.split(','));
}

/** What a deploy has made so far. */
export interface Parts {
  /** Whether there is anything of it. */
  readonly isDeployed: boolean;
  readonly hasScaler: boolean;
}

/**
 * Looks for each thing that a status needs, where one of them is missing: an interrupted deploy
 * has made some of them.
 */
export async function findParts(target: Target, inquiry: Inquiry): Promise<Parts> {
  const { account, chosen } = target;
  const { queue, deadLetterQueue, scaler, parameterPath } = chosen;
  const { variables, ...others } = await inquiry.askAll({
    variables: part(`the function ${scaler}`, () => account.scaler.variables(scaler)),
    work: part(`the queue ${queue}`, () => account.queues.open(queue)),
    letters: part(`the queue ${deadLetterQueue}`, () => account.queues.open(deadLetterQueue)),
    parameters: question(`the parameters below ${parameterPath}`, () =>
      account.parameters.below(parameterPath),
    ),
  });
  // The function knows the name of the cluster.
  if (variables) {
    const { cluster, ...place } = fleetPlaceOf(target, variables);
    await inquiry.ask(
      part(`the cluster ${cluster}`, () => account.tasks.fleet({ cluster, ...place })),
    );
  }
  const { parameters, ...queues } = others;
  const hasParameters = parameters !== undefined && parameters.size > 0;
  if (parameters?.size === 0) inquiry.missing.push(`the parameters below ${parameterPath}`);
  const hasScaler = variables !== undefined;
  return { isDeployed: hasScaler || hasParameters || Object.keys(queues).length > 0, hasScaler };
}
