import type { PipelineSettings } from '../config/blueprint-config';
import type { EnvironmentScope } from '../iam/environment-scope';
import type { Grantee } from '../iam/grantee';

/** The image of a task, and its ECR repository. */
export interface WorkerImage {
  readonly uri: string;
  /** Absent for an image outside ECR, which needs no permission. */
  readonly repositoryArn?: string;
}

/** The tag in a template; the delivery's copies of it name an image by its digest. */
const NO_TAG_YET = 'none';
const ECR_URI = /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/;

/** The image of the settings, or the image that the environment's delivery builds. */
export function workerImage(
  scope: EnvironmentScope,
  { image, workload }: Pick<PipelineSettings, 'image' | 'workload'>,
): WorkerImage {
  if (image !== null) return givenImage(scope, image);
  const { accountId: account, environment } = scope;
  const { region } = environment;
  const { repository } = scope.imageNames(workload);
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    uri: `${account}.dkr.ecr.${region}.${domain}/${repository}:${NO_TAG_YET}`,
    repositoryArn: repositoryArn(scope, { region, account, repository }),
  };
}

function givenImage(scope: EnvironmentScope, uri: string): WorkerImage {
  const [, account, region, repository] = ECR_URI.exec(uri) ?? [];
  if (!account || !region || !repository) return { uri };
  return { uri, repositoryArn: repositoryArn(scope, { region, account, repository }) };
}

function repositoryArn(
  { partition }: EnvironmentScope,
  { region, account, repository }: { region: string; account: string; repository: string },
) {
  return `arn:${partition}:ecr:${region}:${account}:repository/${repository}`;
}

export const PULL_ACTIONS = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
];

export function grantSignInToEcr(grantee: Grantee): void {
  grantee.allow({
    sid: 'SignInToEcr',
    actions: ['ecr:GetAuthorizationToken'],
    // The token is the account's: the service allows no resource.
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
    resources: ['*'],
  });
}
