import {
  Codepipeline,
  type CodepipelineStageAction,
  type CodepipelineTrigger,
  codepipelineTriggerToTerraform,
} from '@cdktf/provider-aws/lib/codepipeline';
import { conditional, type IResolvable, TerraformIterator, Token } from 'cdktf';
import { Construct } from 'constructs';
import { DEFAULT_WORKLOAD } from '../../application-code/workloads';
import { type Architecture, IMAGE_DIGEST_VARIABLES, namedDigest } from '../../contract/delivery';
import type { EncryptionKey } from '../iam/encryption-key';
import { EnvironmentScope, resourcesBelow } from '../iam/environment-scope';
import { ServiceRole } from '../iam/service-role';
import type { ArtefactBucket } from './artefact-bucket';
import type { BuildProject } from './build/build-project';
import type { DeployProjects } from './deploy/deploy-projects';
import type { DeliverySource, PushFilter } from './source/delivery-source';

const SOURCE = 'Source';
const ARTEFACT = 'Source';
const BUILDS = { arm64: 'BuildArm64', x86_64: 'BuildX8664' } as const satisfies Record<
  Architecture,
  string
>;

export interface DeliveryCodePipelineProps {
  readonly source: DeliverySource;
  /** One for each workload and architecture in use. */
  readonly builds: readonly BuildProject[];
  readonly deploy: DeployProjects;
  readonly artefacts: ArtefactBucket;
  readonly key: EncryptionKey | undefined;
}

/** From a change of the source to the tasks: Source, Build for each image, Deploy. */
export class DeliveryCodePipeline extends Construct {
  readonly pipelineName: string;
  readonly consoleUrl: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DeliveryCodePipelineProps,
  ) {
    super(scope, id);
    const { environment, deliveryNames } = EnvironmentScope.of(this);
    const { pipeline: name } = deliveryNames;
    const { region } = environment;
    const pipeline = this.createPipeline(name, this.createRole(name));
    props.source.createStartRule?.(this, pipeline.arn);
    this.pipelineName = name;
    const console = `https://${region}.console.aws.amazon.com/codesuite/codepipeline/pipelines`;
    this.consoleUrl = `${console}/${name}/view?region=${region}`;
  }

  private createRole(roleName: string): ServiceRole {
    const { source, builds, deploy, artefacts } = this.props;
    const { name } = EnvironmentScope.of(this).environment;
    const role = new ServiceRole(this, 'role', {
      roleName,
      service: 'codepipeline.amazonaws.com',
      description: `Delivery of ${name}: takes the source, and starts build and deploy`,
    });
    source.grantRead(role);
    // Only the action of a connection sets ACLs: https://github.com/aws/aws-cdk/issues/13557
    artefacts.grantWriteArtefacts(role, source.push ? 'objects and ACLs' : 'objects');
    role.allow({
      sid: 'RunProjects',
      actions: ['codebuild:BatchGetBuilds', 'codebuild:StartBuild'],
      resources: [...builds.map(({ arn }) => arn), deploy.deployArn],
    });
    return role;
  }

  private createPipeline(name: string, role: ServiceRole): Codepipeline {
    const { artefacts, builds, deploy, key, source } = this.props;
    return new Codepipeline(this, 'pipeline', {
      name,
      roleArn: role.arn,
      pipelineType: 'V2',
      // A newer change replaces a waiting one: only the newest image is worth a deploy.
      executionMode: 'SUPERSEDED',
      artifactStore: [
        {
          type: 'S3',
          location: artefacts.bucketName,
          ...(key && { encryptionKey: { id: key.arn, type: 'KMS' } }),
        },
      ],
      stage: [
        { name: SOURCE, action: [this.sourceAction()] },
        { name: 'Build', action: builds.map(buildAction) },
        { name: 'Deploy', action: [this.deployAction()] },
      ],
      ...(source.push && { trigger: pushTriggers(source.push) }),
      // CodePipeline runs a new pipeline at once.
      dependsOn: resourcesBelow(role, deploy, ...builds),
    });
  }

  private sourceAction(): CodepipelineStageAction {
    const { provider, configuration } = this.props.source;
    return {
      name: SOURCE,
      namespace: SOURCE,
      category: 'Source',
      owner: 'AWS',
      provider,
      version: '1',
      configuration,
      outputArtifacts: [ARTEFACT],
    };
  }

  /** Without a digest of a workload, the deployer keeps its promoted image. */
  private deployAction(): CodepipelineStageAction {
    const { builds, deploy, source } = this.props;
    const commit = { name: 'COMMIT', value: `#{${SOURCE}.${source.commit}}` };
    const variables = [...digestVariables(builds), commit];
    const EnvironmentVariables = JSON.stringify(
      variables.map((one) => ({ ...one, type: 'PLAINTEXT' })),
    );
    return {
      ...projectAction('Deploy', deploy.deployName),
      configuration: { ProjectName: deploy.deployName, EnvironmentVariables },
    };
  }
}

/**
 * One after the other: a new account may run one build at a time, and CodeBuild refuses a second
 * one instead of queueing it. https://github.com/aws-ia/terraform-aws-control_tower_account_factory/issues/100
 */
function buildAction(build: BuildProject, index: number): CodepipelineStageAction {
  const name = actionName(build);
  return { ...projectAction(name, build.projectName), namespace: name, runOrder: index + 1 };
}

/** Also the namespace of its variables: `BuildArm64`, and `BuildArm64-povray`. */
function actionName({ workload, architecture }: BuildProject): string {
  return [BUILDS[architecture], ...(workload === DEFAULT_WORKLOAD ? [] : [workload])].join('-');
}

/** A variable for each architecture in use, with the digests of all workloads. */
function digestVariables(builds: readonly BuildProject[]) {
  return [...new Set(builds.map(({ architecture }) => architecture))].map((architecture) => ({
    name: IMAGE_DIGEST_VARIABLES[architecture],
    value: builds
      .filter((build) => build.architecture === architecture)
      .map((build) => namedDigest(build.workload, `#{${actionName(build)}.IMAGE_DIGEST}`))
      .join(','),
  }));
}

function projectAction(name: string, project: string): CodepipelineStageAction {
  return {
    name,
    category: 'Build',
    owner: 'AWS',
    provider: 'CodeBuild',
    version: '1',
    configuration: { ProjectName: project },
    inputArtifacts: [ARTEFACT],
  };
}

/** One trigger, or none while the connection is unconfirmed. */
function pushTriggers({ isConfirmed, ...push }: PushFilter): CodepipelineTrigger[] | IResolvable {
  const trigger = pushTrigger(push);
  if (isConfirmed === undefined) return [trigger];
  const once = Token.asList(conditional(isConfirmed, ['push'], []));
  // cdktf does not translate the contents of a dynamic block.
  return TerraformIterator.fromList(once).dynamic(codepipelineTriggerToTerraform(trigger));
}

function pushTrigger({ branch, paths }: PushFilter): CodepipelineTrigger {
  return {
    providerType: 'CodeStarSourceConnection',
    gitConfiguration: {
      sourceActionName: SOURCE,
      push: [{ branches: { includes: [branch] }, filePaths: { includes: [...paths] } }],
    },
  };
}
