import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { CodebuildProject } from '@cdktf/provider-aws/lib/codebuild-project';
import { Construct } from 'constructs';
import { deployerVariables } from '../../../contract/delivery';
import { CANARY_TIMEOUT_MINUTES } from '../../../deployer/environment';
import type { Cluster } from '../../core-infra/network';
import { EnvironmentScope } from '../../iam/environment-scope';
import { createLogGroup, grantWriteLog } from '../../iam/log-group';
import { ManagedPolicy, ServiceRole } from '../../iam/service-role';
import { buildMachine } from '../build/build-machine';
import type { BuildProjectProps } from '../build/build-project';
import { grantTagImages, type ImageRepository } from '../build/image-repository';
import type { DeployerArchive } from '../deployer-archive';
import type { DeliveredPipeline } from './delivered-pipeline';
import {
  grantCanaryData,
  grantPromote,
  grantRunCanary,
  grantSeeRevisions,
  grantWatchCanaries,
} from './deploy-grants';

/** Minutes for the start of the machine, the installation and the promotion. */
const OTHER_MINUTES = 15;
/** A deploy starts over if the stacks are deployed at the same time. */
const ROUNDS = 2;
/** A pull of a large image, and the end of an idle task. */
const CANARY_START_MINUTES = 5;
const LEAST_CANARY_MINUTES = 10;
const QUEUED_MINUTES = 60;

/**
 * The buildspec of a deploy. The stack owns it, not the repository: no commit changes how it is
 * judged. The bundle holds everything but native modules; npm installs those by the lock file.
 */
const DEPLOY_BUILDSPEC = {
  version: 0.2,
  env: { shell: 'bash' },
  phases: {
    install: {
      'runtime-versions': { nodejs: 22 },
      commands: [
        'DEPLOYER=$(mktemp --directory)',
        'aws s3 cp --only-show-errors "$DEPLOYER_ARCHIVE" "$DEPLOYER/deployer.zip"',
        'unzip -q "$DEPLOYER/deployer.zip" -d "$DEPLOYER"',
        'cd "$DEPLOYER" && npm ci --omit=dev --workspace deployer --ignore-scripts ' +
          '--no-audit --no-fund',
      ],
    },
    build: { commands: ['cd "$DEPLOYER" && node deployer/dist/main.js'] },
  },
} as const;

/** `architecture` is that of the machine that deploys; canaries run as tasks. */
export interface DeployProjectsProps extends Omit<BuildProjectProps, 'images'> {
  readonly repositories: readonly ImageRepository[];
  readonly delivered: readonly DeliveredPipeline[];
  readonly cluster: Cluster;
  readonly archive: DeployerArchive;
}

/**
 * The deployer as a stage of the delivery, and by itself: after a deploy of the stacks, or by hand.
 * Both have the same role.
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
    const deployLog = this.createLog('deploy');
    const redeployLog = this.createLog('redeploy');
    this.role = this.createRole(deployProject);
    grantWriteLog(this.role, deployLog, redeployLog);
    this.grantDeploy(this.role);
    const deploy = this.createProject('deploy', deployProject, deployLog);
    const redeploy = this.createProject('redeploy', redeployProject, redeployLog);
    this.deployName = deploy.name;
    this.deployArn = deploy.arn;
    this.redeployName = redeploy.name;
    this.redeployArn = redeploy.arn;
  }

  private createLog(project: 'deploy' | 'redeploy'): CloudwatchLogGroup {
    const name = `${EnvironmentScope.of(this).path}/delivery/${project}`;
    return createLogGroup(this, `${project}-log`, { name, key: this.props.key });
  }

  private createRole(roleName: string): ServiceRole {
    const { name } = EnvironmentScope.of(this).environment;
    return new ServiceRole(this, 'role', {
      roleName,
      service: 'codebuild.amazonaws.com',
      description: `Deploy of ${name}: tries images with canaries and promotes them`,
    });
  }

  private grantDeploy(role: ServiceRole): void {
    const { artefacts, archive, repositories, cluster, delivered } = this.props;
    artefacts.grantReadArtefacts(role);
    archive.grantRead(role);
    grantTagImages(role, repositories);
    grantSeeRevisions(role);
    grantWatchCanaries(role, cluster);
    for (const pipeline of delivered) this.grantPipeline(role, pipeline);
  }

  private grantPipeline(role: ServiceRole, delivered: DeliveredPipeline): void {
    const scope = EnvironmentScope.of(this);
    const { name } = delivered.pipeline.props;
    const policy = new ManagedPolicy(this, `grants-${name}`, {
      role,
      policyName: `${scope.pipelinePrefix(name)}-deploy`,
      // IAM cannot change it: another text would replace the policy.
      description: `Deploy of ${scope.environment.name}: what it may do with ${name}`,
    });
    grantRunCanary(policy, delivered, this.props.cluster);
    grantCanaryData(policy, delivered);
    grantPromote(policy, delivered);
  }

  private createProject(
    id: 'deploy' | 'redeploy',
    name: string,
    log: CloudwatchLogGroup,
  ): CodebuildProject {
    const { architecture, key } = this.props;
    const { environment } = EnvironmentScope.of(this);
    return new CodebuildProject(this, id, {
      name,
      description: `Tries images of workers in ${environment.name}, and promotes them`,
      serviceRole: this.role.arn,
      buildTimeout: OTHER_MINUTES + ROUNDS * this.canaryTimeoutMinutes(),
      queuedTimeout: QUEUED_MINUTES,
      source: {
        type: id === 'deploy' ? 'CODEPIPELINE' : 'NO_SOURCE',
        buildspec: JSON.stringify(DEPLOY_BUILDSPEC),
      },
      artifacts: { type: id === 'deploy' ? 'CODEPIPELINE' : 'NO_ARTIFACTS' },
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
        canaryTimeoutMinutes: this.canaryTimeoutMinutes(),
      }),
    };
  }

  /** A sample may take as long as any job, but no deploy waits for more than an hour. */
  private canaryTimeoutMinutes(): number {
    const { delivery } = EnvironmentScope.of(this).environment;
    const jobSeconds = this.props.delivered.map(
      ({ pipeline }) => pipeline.props.settings.jobTimeoutSeconds,
    );
    const wanted = Math.ceil(Math.max(...jobSeconds) / 60) + CANARY_START_MINUTES;
    return (
      delivery.canaryTimeoutMinutes ??
      Math.min(Math.max(wanted, LEAST_CANARY_MINUTES), CANARY_TIMEOUT_MINUTES.max)
    );
  }
}
