import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { canaryPrefix } from '../../../contract/delivery';
import { queueNumbers } from '../../../contract/queues';
import type { EncryptionKey } from '../../iam/encryption-key';
import { EnvironmentScope } from '../../iam/environment-scope';
import { AddedPolicy } from '../../iam/service-role';
import { JobQueue } from '../../queue-processing/job-queue';
import type { Pipeline } from '../../queue-processing/pipeline';

/** For both queues; a canary ends within an hour. */
const RETENTION_DAYS = 1;
const DAY_SECONDS = 86_400;

export interface CanaryProps {
  readonly pipeline: Pipeline;
  readonly key: EncryptionKey | undefined;
}

/** The canaries of a pipeline: two queues of their own, and the worker's permissions for them. */
export class Canary extends Construct {
  readonly queue: JobQueue;
  /** For the `dependsOn` of a redeploy: without these permissions no canary can pass. */
  readonly policy: ITerraformDependable;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: CanaryProps,
  ) {
    super(scope, id);
    this.queue = this.createQueue();
    this.policy = this.createPolicy();
  }

  private createQueue(): JobQueue {
    const { pipeline, key } = this.props;
    const names = EnvironmentScope.of(this).pipelineNames(pipeline.props.name);
    return new JobQueue(this, 'queue', {
      queueName: names.canaryQueue,
      deadLetterQueueName: names.canaryDeadLetterQueue,
      numbers: {
        ...queueNumbers({ ...pipeline.props.settings, retentionDays: RETENTION_DAYS }),
        deadLetterRetentionSeconds: RETENTION_DAYS * DAY_SECONDS,
      },
      key,
    });
  }

  /** Canaries run in the worker's own role, which may list both buckets already. */
  private createPolicy(): ITerraformDependable {
    const { task, props } = this.props.pipeline;
    const added = new AddedPolicy(this, 'grants', { role: task.role, policyName: 'canary' });
    const prefix = canaryPrefix(props.name);
    props.source.grantRead(added, prefix);
    props.destination.grantWrite(added, prefix);
    this.queue.grantConsume(added);
    this.queue.grantDeadLetter(added);
    return added.resource;
  }
}
