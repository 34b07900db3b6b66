import type { DeliverySettings, EnvironmentSettings } from '../blueprint-config';
import { DEFAULT_ENVIRONMENT } from '../schema';
import type { Rule } from './rules';

/**
 * Pipelines whose images one role brings to the cluster: it has a managed policy for each of them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: managed policies
 * attached to a role.
 */
export const MAX_DELIVERED_PIPELINES = 10;

const DEFAULTS = DEFAULT_ENVIRONMENT.delivery;
/** What says which push of which repository is built. */
const OF_CONNECTIONS = ['repository', 'branch', 'paths', 'connectionArn', 'provider'] as const;

type Subject = EnvironmentSettings & { readonly name: string };

/** What the settings of the delivery must be together, and with the rest of the environment. */
export const DELIVERY_RULES: readonly Rule<Subject>[] = [
  {
    about: ['delivery', 'pipelines'],
    fault: ({ delivery, pipelines }, at) => {
      const given = changed(delivery, Object.keys(DEFAULTS) as (keyof DeliverySettings)[]);
      return (
        delivered(pipelines) === 0 &&
        given.length > 0 &&
        `${at}.delivery must be left out while every pipeline has an image of its own, ` +
          `since there is nothing to deliver, but ${given.join(', ')} was given; take ` +
          `\`image\` from a pipeline that the delivery shall build for`
      );
    },
  },
  {
    about: ['pipelines'],
    fault: ({ pipelines }, at) =>
      delivered(pipelines) > MAX_DELIVERED_PIPELINES &&
      `${at}.pipelines must have at most ${MAX_DELIVERED_PIPELINES} without an image of ` +
        `their own, since IAM lets the deploy's role have no more policies, but ` +
        `${delivered(pipelines)} were given; put the others into another environment`,
  },
  {
    about: ['delivery.source', 'delivery.repository'],
    fault: ({ delivery: { source, repository } }, at) =>
      source === 'connection' &&
      repository === null &&
      `${at}.delivery.repository must name the repository of the connection, such as ` +
        `\`owner/name\`, but nothing was given`,
  },
  {
    about: ['delivery.source', 'region'],
    fault: ({ delivery: { source }, region }, at) =>
      source === 'connection' &&
      !CONNECTION_REGIONS.includes(region) &&
      `${at}.delivery.source must be \`s3\` or \`none\` in ${region}, where AWS ` +
        'CodeConnections does not exist, but `connection` was given; connections exist in ' +
        `${CONNECTION_REGIONS.join(', ')} (https://docs.aws.amazon.com/general/latest/gr/` +
        'codestar_connections.html; a new one belongs into ' +
        'stacks/config/rules/delivery-rules.ts)',
  },
  {
    about: ['delivery'],
    fault: ({ delivery }, at) => {
      const unused = changed(delivery, OF_CONNECTIONS);
      return (
        delivery.source !== 'connection' &&
        unused.length > 0 &&
        `${at}.delivery.${unused.join(' and ')} must be left out with source ` +
          `\`${delivery.source}\`; only source \`connection\` knows a repository`
      );
    },
  },
  {
    about: ['delivery.connectionArn', 'delivery.provider'],
    fault: ({ delivery: { connectionArn, provider } }, at) =>
      connectionArn !== null &&
      provider !== DEFAULTS.provider &&
      `${at}.delivery.provider must be left out with an existing connection ` +
        `(connectionArn), which knows its own, but ${provider} was given`,
  },
  {
    about: ['delivery.connectionArn', 'region'],
    fault: ({ delivery: { connectionArn }, region }, at) =>
      connectionArn !== null &&
      connectionArn.split(':')[3] !== region &&
      `${at}.delivery.connectionArn must be a connection in ${region}, where the pipeline ` +
        `is, but ${connectionArn} was given`,
  },
  {
    about: ['delivery.repository', 'delivery.provider', 'delivery.connectionArn'],
    fault: ({ delivery: { repository, provider, connectionArn } }, at) =>
      repository !== null &&
      connectionArn === null &&
      provider !== 'GitLab' &&
      repository.split('/').length > 2 &&
      `${at}.delivery.repository must be \`owner/name\` with ${provider}, since only ` +
        `GitLab has groups within groups, but ${JSON.stringify(repository)} was given`,
  },
  {
    about: ['delivery.keptImages', 'delivery.keptRevisions'],
    fault: ({ delivery: { keptImages, keptRevisions } }, at) =>
      keptImages <= keptRevisions &&
      `${at}.delivery.keptImages must be more than keptRevisions (${keptRevisions}), so ` +
        `that every revision that is kept has its image, but ${keptImages} was given`,
  },
];

function delivered(pipelines: EnvironmentSettings['pipelines']): number {
  return Object.values(pipelines).filter(({ image }) => image === null).length;
}

/** Those of the settings that are not as they are by default. */
function changed<Name extends keyof DeliverySettings>(
  delivery: DeliverySettings,
  names: readonly Name[],
): readonly Name[] {
  return names.filter((name) => JSON.stringify(delivery[name]) !== JSON.stringify(DEFAULTS[name]));
}

/**
 * Regions in which CodeConnections has an endpoint, as of November 2026.
 * https://docs.aws.amazon.com/general/latest/gr/codestar_connections.html; CodePipeline's guide
 * names those without:
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
 */
export const CONNECTION_REGIONS: readonly string[] = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-south-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-gov-east-1',
  'us-west-1',
  'us-west-2',
];

/**
 * Regions for which AWS says that CodeBuild has machines of the type `ARM_CONTAINER`, as of
 * November 2026. It has had them elsewhere before its documents said so:
 * https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateFleet.html
 */
export const ARM_BUILD_REGIONS: readonly string[] = [
  'ap-northeast-1',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-central-1',
  'eu-west-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-2',
];
