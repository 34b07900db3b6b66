import { EcrLifecyclePolicy } from '@cdktf/provider-aws/lib/ecr-lifecycle-policy';
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository';
import { Construct } from 'constructs';
import { promotedTagPrefix } from '../../../contract/delivery';
import type { EncryptionKey } from '../../iam/encryption-key';
import { EnvironmentScope } from '../../iam/environment-scope';
import type { Grantee } from '../../iam/grantee';
import { grantSignInToEcr, PULL_ACTIONS } from '../../queue-processing/worker-image';

const UNTAGGED_DAYS = 1;
const CACHE_DAYS = 30;
const PUSH_ACTIONS = [
  'ecr:CompleteLayerUpload',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
];

export interface ImageRepositoryProps {
  readonly workload: string;
  /** Pipelines of the workload, whose promoted images are kept longest. */
  readonly pipelines: readonly string[];
  readonly key: EncryptionKey | undefined;
}

/**
 * Two repositories of a workload: its images with fixed tags, and the cache of their builds with
 * moving tags.
 */
export class ImageRepository extends Construct {
  readonly workload: string;
  readonly name: string;
  readonly uri: string;
  readonly cacheUri: string;
  readonly arn: string;
  private readonly cacheArn: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ImageRepositoryProps,
  ) {
    super(scope, id);
    const { repository, cacheRepository } = EnvironmentScope.of(this).imageNames(props.workload);
    this.workload = props.workload;
    const images = this.createRepository('images', repository, 'IMMUTABLE');
    this.createLifecycle('images-lifecycle', images.name, this.imageRules());
    const cache = this.createRepository('cache', cacheRepository, 'MUTABLE');
    this.createLifecycle('cache-lifecycle', cache.name, [
      untaggedAfter(UNTAGGED_DAYS),
      taggedAfter(CACHE_DAYS),
    ]);
    this.name = images.name;
    this.uri = images.repositoryUrl;
    this.cacheUri = cache.repositoryUrl;
    this.arn = images.arn;
    this.cacheArn = cache.arn;
  }

  /** Lets a role push and find images, use the cache, and pull base images. */
  grantBuild(grantee: Grantee): void {
    grantSignInToEcr(grantee);
    grantee.allow({
      sid: 'SignInToPublicEcr',
      actions: ['ecr-public:GetAuthorizationToken'],
      // The token is the account's here, too.
      // https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html
      resources: ['*'],
    });
    grantee.allow({
      sid: 'BearPublicEcrToken',
      actions: ['sts:GetServiceBearerToken'],
      // The token is the account's here, too; the condition names its service.
      resources: ['*'],
      conditions: { StringEquals: { 'sts:AWSServiceName': 'ecr-public.amazonaws.com' } },
    });
    grantee.allow({
      sid: 'PushImages',
      actions: [...PULL_ACTIONS, ...PUSH_ACTIONS, 'ecr:DescribeImages'],
      resources: [this.arn],
    });
    grantee.allow({
      sid: 'ShareLayers',
      actions: [...PULL_ACTIONS, ...PUSH_ACTIONS],
      resources: [this.cacheArn],
    });
  }

  private createRepository(id: string, name: string, imageTagMutability: string): EcrRepository {
    const { key } = this.props;
    return new EcrRepository(this, id, {
      name,
      imageTagMutability,
      forceDelete: EnvironmentScope.of(this).environment.buckets.forceDestroy,
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [
        key ? { encryptionType: 'KMS', kmsKey: key.arn } : { encryptionType: 'AES256' },
      ],
    });
  }

  private createLifecycle(id: string, repository: string, rules: readonly LifecycleRule[]): void {
    const numbered = rules.map((rule, index) => ({ rulePriority: index + 1, ...rule }));
    new EcrLifecyclePolicy(this, id, { repository, policy: JSON.stringify({ rules: numbered }) });
  }

  /** An image that one rule keeps is not expired by a later rule. */
  private imageRules(): readonly LifecycleRule[] {
    const { keptImages, keptRevisions } = EnvironmentScope.of(this).environment.delivery;
    return [
      ...this.props.pipelines.map((pipeline) =>
        newest(keptRevisions + 1, promotedTagPrefix(pipeline)),
      ),
      newest(keptImages, 'arm64-'),
      newest(keptImages, 'x86_64-'),
      untaggedAfter(UNTAGGED_DAYS),
    ];
  }
}

/** Lets a role find images and add tags to them. */
export function grantTagImages(grantee: Grantee, repositories: readonly ImageRepository[]): void {
  grantee.allow({
    sid: 'TagImages',
    actions: ['ecr:BatchGetImage', 'ecr:DescribeImages', 'ecr:PutImage'],
    resources: repositories.map(({ arn }) => arn),
  });
}

type LifecycleRule = ReturnType<typeof expire>;

function expire(description: string, selection: object) {
  return { description, selection, action: { type: 'expire' } };
}

function newest(count: number, prefix: string): LifecycleRule {
  return expire(`The newest ${count} of ${prefix}`, {
    tagStatus: 'tagged',
    tagPrefixList: [prefix],
    countType: 'imageCountMoreThan',
    countNumber: count,
  });
}

function untaggedAfter(days: number): LifecycleRule {
  return expire(`Without a tag: ${days} day`, { tagStatus: 'untagged', ...since(days) });
}

function taggedAfter(days: number): LifecycleRule {
  const selection = { tagStatus: 'tagged', tagPatternList: ['*'], ...since(days) };
  return expire(`With a tag: ${days} days`, selection);
}

function since(days: number) {
  return { countType: 'sinceImagePushed', countUnit: 'days', countNumber: days };
}
