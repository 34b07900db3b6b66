import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import {
  EcsTaskDefinition,
  type EcsTaskDefinitionConfig,
} from '@cdktf/provider-aws/lib/ecs-task-definition';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Fn, TerraformLocal } from 'cdktf';
import { Construct } from 'constructs';
import { containerDefinition, TASK_VOLUMES } from '../../contract/task-definition';
import { type WorkerTargets, workerVariables } from '../../contract/variables';
import type { PipelineSettings } from '../config/blueprint-config';
import type { Cluster } from '../core-infra/network';
import type { EncryptionKey } from '../iam/encryption-key';
import { EnvironmentScope } from '../iam/environment-scope';
import type { Grantee } from '../iam/grantee';
import { createLogGroup, grantWriteLog } from '../iam/log-group';
import { ServiceRole } from '../iam/service-role';
import { grantPermissions, grantReadSecrets, literal } from './program-grants';
import { grantSignInToEcr, PULL_ACTIONS, workerImage } from './worker-image';

/**
 * Every Fargate task has this much for free; the provider accepts a block of ephemeral storage from
 * 21 GiB on.
 */
const FREE_STORAGE_GIB = 20;
const HTTPS_PORT = 443;

export interface WorkerTaskProps {
  readonly pipeline: string;
  readonly settings: PipelineSettings;
  readonly targets: Omit<WorkerTargets, 'environment' | 'pipeline' | 'accountId'>;
  readonly vpcId: string;
  readonly key: EncryptionKey | undefined;
}

/** The task definition of a pipeline, with its two roles, log group and security group. */
export class WorkerTask extends Construct {
  /** Family of the revisions that the scaler launches. */
  readonly family: string;
  /** The revision of this deploy. */
  readonly revisionArn: string;
  /** Changes when the tasks change; a new revision number alone does not change it. */
  readonly fingerprint: string;
  readonly securityGroupId: string;
  readonly logGroupName: string;
  readonly logGroupArn: string;
  /** The worker's own role; buckets and queues grant it permissions. */
  readonly role: ServiceRole;
  readonly executionRole: ServiceRole;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: WorkerTaskProps,
  ) {
    super(scope, id);
    this.family = this.names().taskFamily;
    this.logGroupName = `${EnvironmentScope.of(this).path}/${props.pipeline}/worker`;
    const logGroup = createLogGroup(this, 'log', { name: this.logGroupName, key: props.key });
    this.role = this.createRole('role', this.family, `Worker of ${this.family}: what it may do`);
    this.executionRole = this.createRole(
      'execution-role',
      `${this.family}-start`,
      `Worker of ${this.family}: what ECS may do to start it`,
    );
    this.logGroupArn = logGroup.arn;
    this.grantStart(logGroup);
    grantReadSecrets(this.executionRole, props.settings);
    grantPermissions(this.role, props.settings);
    this.securityGroupId = this.createSecurityGroup().id;
    const settings = this.taskSettings(logGroup.name);
    this.revisionArn = this.createTaskDefinition(settings).arn;
    // A local, because a function of Terraform takes no text with references in it.
    const local = new TerraformLocal(this, 'task', settings);
    const fingerprint = Fn.sha256(Fn.jsonencode(local.expression));
    this.fingerprint = new TerraformLocal(this, 'fingerprint', fingerprint).asString;
  }

  /** Lets a role launch every revision of this family on one cluster. */
  grantRun(role: ServiceRole, cluster: Cluster): void {
    role.allow({
      sid: 'RunWorkerTasks',
      actions: ['ecs:RunTask'],
      resources: [EnvironmentScope.of(this).arn('ecs', `task-definition/${this.family}:*`)],
      conditions: { ArnEquals: { 'ecs:cluster': cluster.arn } },
    });
    role.allow({
      sid: 'TagWorkerTasksAtLaunch',
      actions: ['ecs:TagResource'],
      resources: [EnvironmentScope.of(this).arn('ecs', `task/${cluster.name}/*`)],
      conditions: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
    });
    this.grantPassRoles(role);
  }

  /** Lets a role hand the worker's two roles to a task. */
  grantPassRoles(role: Grantee): void {
    role.allow({
      sid: 'PassWorkerRoles',
      actions: ['iam:PassRole'],
      resources: [this.role.arn, this.executionRole.arn],
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    });
  }

  /** Lets a role see the tasks of one cluster. */
  grantObserve(role: ServiceRole, cluster: Cluster): void {
    role.allow({
      sid: 'ListTasks',
      actions: ['ecs:ListTasks'],
      // The action's only resource type is the container instance, which Fargate does not have, so
      // a condition names the cluster.
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
      resources: ['*'],
      conditions: { ArnEquals: { 'ecs:cluster': cluster.arn } },
    });
    role.allow({
      sid: 'DescribeTasks',
      actions: ['ecs:DescribeTasks'],
      resources: [EnvironmentScope.of(this).arn('ecs', `task/${cluster.name}/*`)],
    });
  }

  private names() {
    return EnvironmentScope.of(this).pipelineNames(this.props.pipeline);
  }

  private createRole(id: string, roleName: string, description: string): ServiceRole {
    return new ServiceRole(this, id, {
      roleName,
      service: 'ecs-tasks.amazonaws.com',
      description,
    });
  }

  /** Fargate itself uses the execution role, to pull the image and write the log. */
  private grantStart(logGroup: CloudwatchLogGroup): void {
    const { repositoryArn } = workerImage(EnvironmentScope.of(this), this.props.settings);
    if (repositoryArn) {
      grantSignInToEcr(this.executionRole);
      this.executionRole.allow({
        sid: 'PullImage',
        actions: PULL_ACTIONS,
        resources: [repositoryArn],
      });
    }
    grantWriteLog(this.executionRole, logGroup);
  }

  /**
   * No rule lets traffic in. A task calls only HTTPS; security groups do not filter the VPC's
   * resolver.
   */
  private createSecurityGroup(): SecurityGroup {
    return new SecurityGroup(this, 'security-group', {
      name: this.family,
      description: `Tasks of ${this.family}: HTTPS out, nothing in`,
      vpcId: this.props.vpcId,
      egress: [
        {
          description: 'S3, SQS, ECR and CloudWatch',
          protocol: 'tcp',
          fromPort: HTTPS_PORT,
          toPort: HTTPS_PORT,
          cidrBlocks: ['0.0.0.0/0'],
        },
      ],
      tags: { Name: this.family },
    });
  }

  private createTaskDefinition(settings: EcsTaskDefinitionConfig): EcsTaskDefinition {
    return new EcsTaskDefinition(this, 'task-definition', {
      ...settings,
      // The new revision exists before the old one goes, so that a launch always finds one.
      lifecycle: { createBeforeDestroy: true },
      // RunTask copies a revision's tags to its tasks.
      tags: {
        'spillway:environment': EnvironmentScope.of(this).environment.name,
        'spillway:pipeline': this.props.pipeline,
      },
    });
  }

  /** Everything that makes one task differ from another. */
  private taskSettings(logGroup: string): EcsTaskDefinitionConfig {
    const { region } = EnvironmentScope.of(this).environment;
    const { settings } = this.props;
    const container = containerDefinition({
      image: workerImage(EnvironmentScope.of(this), settings).uri,
      variables: this.variables(),
      secrets: settings.secrets,
      logs: { group: logGroup, region, mode: settings.logMode, bufferMiB: settings.logBufferMiB },
    });
    return {
      // Without an image in the settings this is a template: the delivery registers copies of it
      // that name an image.
      family: settings.image === null ? this.names().templateFamily : this.family,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: String(settings.cpuUnits),
      memory: String(settings.memoryMiB),
      runtimePlatform: {
        operatingSystemFamily: 'LINUX',
        cpuArchitecture: settings.architecture === 'arm64' ? 'ARM64' : 'X86_64',
      },
      ...(settings.ephemeralStorageGiB > FREE_STORAGE_GIB && {
        ephemeralStorage: { sizeInGib: settings.ephemeralStorageGiB },
      }),
      taskRoleArn: this.role.arn,
      executionRoleArn: this.executionRole.arn,
      volume: TASK_VOLUMES.map(({ name }) => ({ name })),
      containerDefinitions: JSON.stringify([container]),
    };
  }

  /** The targets are references; all else is taken as it stands. */
  private variables(): Readonly<Record<string, string>> {
    const { pipeline, settings } = this.props;
    const { environment, accountId } = EnvironmentScope.of(this);
    const targets = { ...this.props.targets, environment: environment.name, pipeline, accountId };
    const references = new Set<string>(Object.values(targets));
    const variables = Object.entries(workerVariables(settings, targets));
    return Object.fromEntries(
      variables.map(([name, value]) => [name, references.has(value) ? value : literal(value)]),
    );
  }
}
