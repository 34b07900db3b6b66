import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule';
import { AssetType, Fn, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import { SCALER_FUNCTION, SCHEDULE_INPUT, SCHEDULE_RETRY } from '../../contract/schedule';
import { type ScalerTargets, scalerVariables } from '../../contract/variables';
import { ConfigError, type PipelineSettings } from '../config/blueprint-config';
import { taskConcurrency } from '../config/pipeline-settings';
import type { EncryptionKey } from '../iam/encryption-key';
import { EnvironmentScope, resourcesBelow } from '../iam/environment-scope';
import { createLogGroup, grantWriteLog } from '../iam/log-group';
import { ServiceRole } from '../iam/service-role';

const ARCHIVE = join(__dirname, '..', '..', 'lambda', 'scaler', 'dist', 'scaler.zip');
/** The shortest age that Lambda allows; a run that starts after the next one is useless. */
const MAXIMUM_EVENT_AGE_SECONDS = 60;

export interface ScalerFunctionProps {
  readonly pipeline: string;
  readonly settings: PipelineSettings;
  readonly targets: Omit<
    ScalerTargets,
    'environment' | 'pipeline' | 'parameterPath' | 'taskFamily'
  >;
  readonly key: EncryptionKey | undefined;
  /** Archive of the bundle; default: where `npm run build` puts it. */
  readonly archive?: string;
}

/** The Lambda function that launches tasks. It needs no VPC, because it only calls AWS. */
export class ScalerFunction extends Construct {
  readonly functionName: string;
  readonly arn: string;
  readonly logGroupName: string;
  readonly role: ServiceRole;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ScalerFunctionProps,
  ) {
    super(scope, id);
    this.functionName = this.names().scaler;
    this.logGroupName = `/aws/lambda/${this.functionName}`;
    const logGroup = createLogGroup(this, 'log', { name: this.logGroupName, key: props.key });
    this.role = new ServiceRole(this, 'role', {
      roleName: this.functionName,
      service: 'lambda.amazonaws.com',
      description: `Scaler of ${props.pipeline}: reads queue and tasks, and launches tasks`,
    });
    grantWriteLog(this.role, logGroup);
    this.grantReadParameters();
    this.grantCountAddresses();
    if (props.settings.scaling.policy === 'drain-within') this.grantReadJobTimes();
    if (EnvironmentScope.of(this).environment.scaler.tracing) this.grantTrace();
    props.key?.grantDecrypt(this.role, 'DecryptVariables');
    const lambda = this.createFunction(logGroup);
    this.arn = lambda.arn;
    this.createInvokeConfig(lambda.functionName);
  }

  /** Lets a role run this function. */
  grantInvoke(role: ServiceRole): void {
    role.allow({ sid: 'InvokeScaler', actions: ['lambda:InvokeFunction'], resources: [this.arn] });
  }

  /**
   * Lets Lambda take wake-ups from their queue for this function, with the function's role, and the
   * function keep one hidden.
   */
  grantWakeUps(queueArn: string): void {
    const actions = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];
    this.role.allow({
      sid: 'TakeWakeUps',
      actions: [...actions, 'ChangeMessageVisibility'].map((action) => `sqs:${action}`),
      resources: [queueArn],
    });
  }

  private names() {
    return EnvironmentScope.of(this).pipelineNames(this.props.pipeline);
  }

  /** SSM authorises the call for the path as the caller writes it. */
  private grantReadParameters(): void {
    const path = this.names().parameterPath.slice(0, -1);
    const arn = EnvironmentScope.of(this).arn('ssm', `parameter${path}`);
    this.role.allow({
      sid: 'ReadParameters',
      actions: ['ssm:GetParametersByPath'],
      resources: [arn, `${arn}/*`],
    });
  }

  /**
   * The service allows no resource:
   * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
   */
  private grantCountAddresses(): void {
    this.role.allow({ sid: 'CountAddresses', actions: ['ec2:DescribeSubnets'], resources: ['*'] });
  }

  /**
   * The service allows no resource:
   * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
   */
  private grantReadJobTimes(): void {
    const actions = ['cloudwatch:GetMetricData'];
    this.role.allow({ sid: 'ReadJobTimes', actions, resources: ['*'] });
  }

  private grantTrace(): void {
    this.role.allow({
      sid: 'Trace',
      actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
      // The service allows no resource.
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
      resources: ['*'],
    });
  }

  private createFunction(logGroup: CloudwatchLogGroup): LambdaFunction {
    const { reservedConcurrency, tracing } = EnvironmentScope.of(this).environment.scaler;
    const asset = this.createBundle();
    return new LambdaFunction(this, 'function', {
      functionName: this.functionName,
      description: `Launches tasks for the backlog of ${this.props.pipeline}`,
      role: this.role.arn,
      filename: asset.path,
      // The hash that Lambda returns for the archive.
      sourceCodeHash: Fn.filebase64sha256(asset.path),
      handler: SCALER_FUNCTION.handler,
      runtime: SCALER_FUNCTION.runtime,
      architectures: ['arm64'],
      timeout: SCALER_FUNCTION.timeoutSeconds,
      memorySize: SCALER_FUNCTION.memoryMiB,
      environment: { variables: this.variables() },
      // Lambda creates a log group without retention if a run finds none.
      dependsOn: [logGroup],
      ...(this.props.key && { kmsKeyArn: this.props.key.arn }),
      ...(tracing && { tracingConfig: { mode: 'Active' } }),
      ...(reservedConcurrency !== null && { reservedConcurrentExecutions: reservedConcurrency }),
    });
  }

  private createBundle(): TerraformAsset {
    const archive = this.props.archive ?? ARCHIVE;
    if (!existsSync(archive)) {
      throw new ConfigError([
        `The scaler's bundle is missing: there is no ${archive}. ` +
          'Run `npm run build` and then the same command again.',
      ]);
    }
    return new TerraformAsset(this, 'bundle', { path: archive, type: AssetType.FILE });
  }

  /** The schedule starts a run every minute; Lambda must not repeat one. */
  private createInvokeConfig(functionName: string): void {
    new LambdaFunctionEventInvokeConfig(this, 'invoke-config', {
      functionName,
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: MAXIMUM_EVENT_AGE_SECONDS,
    });
  }

  private variables() {
    const { pipeline, settings, targets } = this.props;
    const { parameterPath, taskFamily } = this.names();
    const { name: environment } = EnvironmentScope.of(this).environment;
    return scalerVariables(
      { ...settings, jobsAtATime: taskConcurrency(settings) },
      {
        ...targets,
        environment,
        pipeline,
        parameterPath,
        taskFamily,
      },
    );
  }
}

export interface ScalerScheduleProps {
  readonly scaler: ScalerFunction;
  /** An expression of EventBridge Scheduler, such as `rate(1 minute)`. */
  readonly expression: string;
  readonly key: EncryptionKey | undefined;
  /** The needs of a run: the function with its permissions, and its parameters. */
  readonly dependsOn: readonly Construct[];
}

/** Runs a scaler. A failed run is not repeated: the next run sees newer numbers. */
export class ScalerSchedule extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { scaler, expression, key, dependsOn }: ScalerScheduleProps,
  ) {
    super(scope, id);
    const role = new ServiceRole(this, 'role', {
      roleName: `${scaler.functionName}-schedule`,
      service: 'scheduler.amazonaws.com',
      description: `Schedule of ${scaler.functionName}: runs it`,
    });
    scaler.grantInvoke(role);
    key?.grantDecrypt(role, 'DecryptSchedule');
    new SchedulerSchedule(this, 'schedule', {
      // The first run starts within a minute; without its permissions it would raise an alarm.
      dependsOn: resourcesBelow(role, ...dependsOn),
      name: scaler.functionName,
      description: `Runs ${scaler.functionName}`,
      scheduleExpression: expression,
      ...(key && { kmsKeyArn: key.arn }),
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: scaler.arn,
        roleArn: role.arn,
        input: SCHEDULE_INPUT,
        retryPolicy: SCHEDULE_RETRY,
      },
    });
  }
}
