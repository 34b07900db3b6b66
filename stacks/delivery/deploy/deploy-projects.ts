import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { CodebuildProject } from '@cdktf/provider-aws/lib/codebuild-project';
import { Construct } from 'constructs';
import { type Architecture, deployerVariables } from '../../../contract/delivery';
import type { Cluster } from '../../core-infra/network';
import type { EncryptionKey } from '../../iam/encryption-key';
import { EnvironmentScope } from '../../iam/environment-scope';
import { ManagedPolicy } from '../../iam/managed-policy';
import { ServiceRole } from '../../iam/service-role';
import type { ArtefactBucket } from '../artefact-bucket';
import { buildMachine, createBuildLog, grantBuildLogs } from '../build/build-machine';
import type { ImageRepository } from '../build/image-repository';
import type { DeployerArchive } from '../deployer-archive';
import type { DeliveredPipeline } from './delivered-pipeline';
import { DEPLOY_BUILDSPEC } from './deploy-buildspec';
import {
  grantCanaryData,
  grantPromote,
  grantRunCanary,
  grantSeeRevisions,
  grantWatchCanaries,
} from './deploy-grants';

/**
 * Minutes beside the canaries, which run side by side: the start of the machine, the installation,
 * the promotion.
 */
const OTHER_MINUTES = 15;
/** A deploy starts over when the stacks are deployed meanwhile. */
const ROUNDS = 2;
const QUEUED_MINUTES = 60;

export interface DeployProjectsProps {
  readonly delivered: readonly DeliveredPipeline[];
  readonly cluster: Cluster;
  /** Of the machine that deploys; a canary runs on its own. */
  readonly architecture: Architecture;
  readonly images: ImageRepository;
  readonly artefacts: ArtefactBucket;
  readonly archive: DeployerArchive;
  readonly key: EncryptionKey | undefined;
}

interface DeployProject {
  readonly name: string;
  readonly log: CloudwatchLogGroup;
  /** Whether it is a stage of the delivery, or runs by itself. */
  readonly type: 'CODEPIPELINE' | 'NO_SOURCE';
}

/**
 * The deployer as a stage of the pipeline, and by itself: after a deploy of the stacks, or by hand.
 * Both may do the same.
 */
export class DeployProjects extends Construct {
  readonly deployName: string;
  readonly deployArn: string;
  readonly redeployName: string;
  readonly redeployArn: string;
  private readonly role: ServiceRole;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DeployProjectsProps,
  ) {
    super(scope, id);
    const { deployProject, redeployProject } = EnvironmentScope.of(this).deliveryNames;
    const { key } = props;
    const deployLog = createBuildLog(this, 'deploy-log', { name: 'deploy', key });
    const redeployLog = createBuildLog(this, 'redeploy-log', { name: 'redeploy', key });
    this.role = this.createRole(deployProject, [deployLog, redeployLog]);
    const deploy = this.createProject('deploy', {
      name: deployProject,
      log: deployLog,
      type: 'CODEPIPELINE',
    });
    const redeploy = this.createProject('redeploy', {
      name: redeployProject,
      log: redeployLog,
      type: 'NO_SOURCE',
    });
    this.deployName = deploy.name;
    this.deployArn = deploy.arn;
    this.redeployName = redeploy.name;
    this.redeployArn = redeploy.arn;
  }

  private createRole(roleName: string, logs: readonly CloudwatchLogGroup[]): ServiceRole {
    const { environment } = EnvironmentScope.of(this);
    const { props } = this;
    const role = new ServiceRole(this, 'role', {
      roleName,
      service: 'codebuild.amazonaws.com',
      description: `Deploy of ${environment.name}: tries images with canaries and promotes them`,
    });
    grantBuildLogs(role, logs);
    props.artefacts.grantTake(role);
    props.archive.grantRead(role);
    props.images.grantTag(role);
    grantSeeRevisions(role);
    grantWatchCanaries(role, props.cluster);
    for (const one of props.delivered) this.grantDeliver(role, one);
    return role;
  }

  private grantDeliver(role: ServiceRole, one: DeliveredPipeline): void {
    const scope = EnvironmentScope.of(this);
    const { name: pipeline } = one.pipeline.props;
    const policy = new ManagedPolicy(this, `grants-${pipeline}`, {
      role,
      policyName: `${scope.pipelinePrefix(pipeline)}-deploy`,
      description: `Deploy of ${scope.environment.name}: what it may do with ${pipeline}`,
    });
    grantRunCanary(policy, one, this.props.cluster);
    grantCanaryData(policy, one);
    grantPromote(policy, one);
  }

  private createProject(id: string, { name, log, type }: DeployProject): CodebuildProject {
    const { architecture, key } = this.props;
    const { canaryTimeoutMinutes } = EnvironmentScope.of(this).environment.delivery;
    return new CodebuildProject(this, id, {
      name,
      description: `Tries the image of the worker in ${EnvironmentScope.of(this).environment.name}, and promotes it`,
      serviceRole: this.role.arn,
      buildTimeout: OTHER_MINUTES + ROUNDS * canaryTimeoutMinutes,
      queuedTimeout: QUEUED_MINUTES,
      source: { type, buildspec: JSON.stringify(DEPLOY_BUILDSPEC) },
      artifacts: { type: type === 'CODEPIPELINE' ? type : 'NO_ARTIFACTS' },
      environment: buildMachine(architecture, this.variables()),
      logsConfig: { cloudwatchLogs: { groupName: log.name } },
      ...(key && { encryptionKey: key.arn }),
    });
  }

  private variables() {
    const { delivered, archive } = this.props;
    const { delivery } = EnvironmentScope.of(this).environment;
    return {
      DEPLOYER_ARCHIVE: archive.uri,
      ...deployerVariables({
        deliveryPaths: delivered.map(({ parameters }) => parameters.path),
        keptRevisions: delivery.keptRevisions,
        canaryTimeoutMinutes: delivery.canaryTimeoutMinutes,
      }),
    };
  }
}
