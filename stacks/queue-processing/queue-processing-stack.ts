import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import type { Environment, PipelineSettings } from '../config/blueprint-config';
import type { Cluster, Network } from '../core-infra/network';
import { EnvironmentStack } from '../environment-stack';
import { EncryptionKey } from '../iam/encryption-key';
import {
  BucketNotification,
  ExistingBucketEvents,
  type NotificationRoute,
} from './buckets/bucket-events';
import { EnvironmentBuckets } from './buckets/environment-buckets';
import type { ObjectStore } from './buckets/object-store';
import { uploadCommand } from './commands';
import { Alarms, AlarmTopic } from './monitoring/alarms';
import { Dashboard } from './monitoring/dashboard';
import { Pipeline } from './pipeline';

/** The core infrastructure. */
export interface QueueProcessingProps {
  readonly network: Network;
  readonly cluster: Cluster;
}

/** All pipelines of an environment: buckets, queues, tasks, scalers and monitoring. */
export class QueueProcessingStack extends EnvironmentStack {
  /** `undefined`: AWS manages the keys. */
  readonly key: EncryptionKey | undefined;
  readonly pipelines: readonly Pipeline[];
  private readonly buckets: EnvironmentBuckets;

  constructor(
    scope: Construct,
    private readonly environment: Environment,
    private readonly props: QueueProcessingProps,
  ) {
    super(scope, 'queue-processing', environment);
    this.key = environment.encryption === 'own' ? new EncryptionKey(this, 'key') : undefined;
    this.buckets = new EnvironmentBuckets(this, 'buckets', { key: this.key });
    const pipelines = Object.entries(environment.pipelines).map(([name, settings]) =>
      this.createPipeline(name, settings),
    );
    this.pipelines = pipelines;
    this.createNotifications(pipelines);
    this.createExistingBucketEvents(pipelines);
    this.createAlarms(pipelines);
    const dashboard = new Dashboard(this, 'dashboard', {
      pipelines: pipelines.map(({ shown }) => shown),
    });
    this.createOutput('cluster', props.cluster.name);
    this.createOutput('dashboard_url', dashboard.url);
    for (const pipeline of pipelines) this.createOutputs(pipeline);
  }

  private createPipeline(name: string, settings: PipelineSettings): Pipeline {
    return new Pipeline(this, `pipeline-${name}`, {
      ...this.props,
      name,
      settings,
      source: this.buckets.storeOf(name, 'source', settings),
      destination: this.buckets.storeOf(name, 'destination', settings),
      key: this.key,
    });
  }

  /** One for each own source bucket, with all pipelines that it feeds. */
  private createNotifications(pipelines: readonly Pipeline[]): void {
    const own = pipelines.filter(({ props }) => props.settings.existingSourceBucket === null);
    const routes = new Map<ObjectStore, NotificationRoute[]>();
    for (const pipeline of own) {
      const { source } = pipeline.props;
      routes.set(source, [...(routes.get(source) ?? []), routeOf(pipeline)]);
    }
    for (const [source, ofBucket] of routes) {
      const { bucketName: bucket, bucketArn } = source;
      new BucketNotification(source, 'notification', { bucket, bucketArn, routes: ofBucket });
    }
  }

  private createExistingBucketEvents(pipelines: readonly Pipeline[]): void {
    for (const pipeline of pipelines) {
      const { name, settings } = pipeline.props;
      if (settings.existingSourceBucket === null) continue;
      const events = new ExistingBucketEvents(pipeline, 'source-events', {
        bucketName: settings.existingSourceBucket.name,
        ...routeOf(pipeline),
      });
      this.createOutput(outputName(name, 'switch_on_command'), events.switchOnCommand);
    }
  }

  private createAlarms(pipelines: readonly Pipeline[]): void {
    if (!this.environment.alarms.enabled) return;
    const topic = new AlarmTopic(this, 'alarm-topic', { key: this.key });
    for (const pipeline of pipelines) {
      const { monitored, props } = pipeline;
      new Alarms(pipeline, 'alarms', { monitored, settings: props.settings, topic });
    }
  }

  private createOutputs({ queue, parameterPath, props }: Pipeline): void {
    const { name, settings, source, destination } = props;
    const values = {
      source_bucket: source.bucketName,
      destination_bucket: destination.bucketName,
      queue_url: queue.queueUrl,
      dead_letter_queue_url: queue.deadLetterQueueUrl,
      parameter_path: parameterPath,
      upload_command: uploadCommand(
        source.bucketName,
        settings.sourcePrefix,
        this.environment.region,
      ),
    };
    for (const [what, value] of Object.entries(values))
      this.createOutput(outputName(name, what), value);
  }

  private createOutput(id: string, value: string): void {
    new TerraformOutput(this, id, { value });
  }
}

function routeOf({ queue, props: { name, settings } }: Pipeline): NotificationRoute {
  const { sourcePrefix, suffixes, wake } = settings;
  return { pipeline: name, sourcePrefix, suffixes, queue, wakes: wake === 'event' };
}

/** Outputs are flat, so their names begin with the pipeline's. */
function outputName(pipeline: string, what: string): string {
  return `${pipeline.replaceAll('-', '_')}_${what}`;
}
