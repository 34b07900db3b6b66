import { Construct } from 'constructs';
import { outputPlans } from '../../application-code/worker/src/job/manifest';
import { recipeHash } from '../../application-code/worker/src/job/recipe-hash';
import { recipeOf } from '../../application-code/workloads';
import { datasetPlaces } from '../../contract/destination';
import { pricesIn, taskPrice } from '../../contract/prices';
import { queueNumbers } from '../../contract/queues';
import type { PipelineSettings } from '../config/blueprint-config';
import type { Cluster, Network } from '../core-infra/network';
import type { EncryptionKey } from '../iam/encryption-key';
import { EnvironmentScope } from '../iam/environment-scope';
import { ServiceRole } from '../iam/service-role';
import type { ObjectStore } from './buckets/object-store';
import { JobQueue } from './job-queue';
import type { DashboardPipeline } from './monitoring/dashboard';
import type { MonitoredPipeline } from './monitoring/pipeline-metrics';
import { RuntimeParameters } from './runtime-parameters';
import { ScalerFunction, ScalerSchedule } from './scaler';
import { WakeUps } from './wake-ups';
import { WorkerTask } from './worker-task';

export interface PipelineProps {
  /** Key of the pipeline in the configuration. */
  readonly name: string;
  readonly settings: PipelineSettings;
  readonly network: Network;
  readonly cluster: Cluster;
  readonly source: ObjectStore;
  readonly destination: ObjectStore;
  readonly key: EncryptionKey | undefined;
}

/** One pipeline between its two buckets: queue, task, scaler with its schedule, parameters. */
export class Pipeline extends Construct {
  readonly queue: JobQueue;
  readonly parameterPath: string;
  readonly task: WorkerTask;
  private readonly scaler: ScalerFunction;
  private readonly wakeUps: WakeUps | undefined;

  constructor(
    scope: Construct,
    id: string,
    readonly props: PipelineProps,
  ) {
    super(scope, id);
    this.queue = this.createQueue();
    this.task = this.createTask();
    if (props.settings.destination.kind === 'shards') this.createDatasetRole();
    this.scaler = this.createScaler();
    const parameters = this.createParameters();
    this.parameterPath = parameters.path;
    new ScalerSchedule(this, 'schedule', {
      scaler: this.scaler,
      expression: props.settings.schedule,
      key: props.key,
      dependsOn: [this.scaler, parameters],
    });
    this.wakeUps =
      props.settings.wake === 'event' ? this.createWakeUps([this.scaler, parameters]) : undefined;
  }

  /** The pipeline as alarms see it. */
  get monitored(): MonitoredPipeline {
    return {
      environment: EnvironmentScope.of(this).environment.name,
      pipeline: this.props.name,
      queueName: this.queue.queueName,
      deadLetterQueueName: this.queue.deadLetterQueueName,
      scalerName: this.scaler.functionName,
      ...(this.wakeUps && { wakeQueueName: this.wakeUps.queueName }),
    };
  }

  /** The pipeline as the dashboard shows it. */
  get shown(): DashboardPipeline {
    const prices = pricesIn(EnvironmentScope.of(this).environment.region);
    const price = taskPrice(this.props.settings, this.props.network.assignPublicIp, prices);
    return { ...this.monitored, workerLogGroup: this.task.logGroupName, price };
  }

  private createQueue(): JobQueue {
    const { name: pipeline, settings, key } = this.props;
    const names = EnvironmentScope.of(this).pipelineNames(pipeline);
    return new JobQueue(this, 'queue', {
      queueName: names.queue,
      deadLetterQueueName: names.deadLetterQueue,
      numbers: queueNumbers(settings),
      key,
    });
  }

  private createTask(): WorkerTask {
    const { name: pipeline, settings, network, source, destination, key } = this.props;
    const { queueUrl, deadLetterQueueUrl } = this.queue;
    const task = new WorkerTask(this, 'task', {
      pipeline,
      settings,
      targets: {
        queueUrl,
        deadLetterQueueUrl,
        sourceBucket: source.bucketName,
        destinationBucket: destination.bucketName,
      },
      vpcId: network.vpcId,
      key,
    });
    source.grantRead(task.role, settings.sourcePrefix);
    source.grantList(task.role);
    destination.grantWrite(task.role, settings.destinationPrefix);
    destination.grantList(task.role);
    this.queue.grantConsume(task.role);
    this.queue.grantDeadLetter(task.role);
    return task;
  }

  /** The role of tasks that finish the dataset; `spillway dataset finish` runs them. */
  private createDatasetRole(): void {
    const { name, settings, source, destination } = this.props;
    const role = new ServiceRole(this, 'dataset-role', {
      roleName: EnvironmentScope.of(this).pipelineNames(name).datasetRole,
      service: 'ecs-tasks.amazonaws.com',
      description: `Dataset of ${name}: makes shards of its parts`,
    });
    const [parts, shards, manifest] = datasetPlaces(settings.destinationPrefix);
    source.grantList(role);
    destination.grantList(role);
    destination.grantRead(role, settings.destinationPrefix);
    destination.grantWrite(role, shards, manifest);
    destination.grantDelete(role, parts);
  }

  private createScaler(): ScalerFunction {
    const { name: pipeline, settings, network, cluster, key } = this.props;
    const scaler = new ScalerFunction(this, 'scaler', {
      pipeline,
      settings,
      targets: {
        queueUrl: this.queue.queueUrl,
        cluster: cluster.name,
        subnetIds: network.subnetIds,
        securityGroupIds: [this.task.securityGroupId],
        assignPublicIp: network.assignPublicIp,
      },
      key,
    });
    this.queue.grantCount(scaler.role);
    this.task.grantObserve(scaler.role, cluster);
    this.task.grantRun(scaler.role, cluster);
    return scaler;
  }

  private createWakeUps(dependsOn: readonly Construct[]): WakeUps {
    const { name: pipeline, settings, source, key } = this.props;
    const { sourcePrefix, suffixes } = settings;
    const objects = { bucketName: source.bucketName, sourcePrefix, suffixes };
    const { scaler } = this;
    return new WakeUps(this, 'wake-ups', { pipeline, objects, scaler, key, dependsOn });
  }

  /**
   * This deploy promotes the image of the settings; without one, the delivery promotes the images
   * that it builds.
   */
  private createParameters(): RuntimeParameters {
    const { name: pipeline, settings } = this.props;
    const { maxTaskSeconds, jobTimeoutSeconds } = settings;
    const plans = outputPlans(recipeOf(settings.workload), settings.recipe);
    const recipe = {
      renditions: plans.map(recipeHash),
      longestTaskSeconds: maxTaskSeconds + jobTimeoutSeconds,
    };
    return new RuntimeParameters(this, 'parameters', {
      pipeline,
      ...(settings.image !== null && { promoted: { revisionArn: this.task.revisionArn, recipe } }),
    });
  }
}
