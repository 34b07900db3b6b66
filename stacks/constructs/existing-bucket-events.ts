import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { Construct } from 'constructs';
import { type PipelineId, pipelinePrefix } from '../../pipeline/names';
import type { EnvironmentScope } from './environment-scope';
import type { JobQueue } from './job-queue';
import { switchOnCommand } from './switch-on-command';

export interface ExistingBucketEventsProps {
  readonly bucketName: string;
  /** Key of the pipeline in the configuration. */
  readonly pipeline: string;
  readonly sourcePrefix: string;
  /** Empty: every key below the prefix. */
  readonly suffixes: readonly string[];
  readonly queue: JobQueue;
}

/** Feeds a queue from a bucket whose notifications are someone else's: by EventBridge, which its owner switches on. */
export class ExistingBucketEvents extends Construct {
  /** The one shell command that switches EventBridge on for the bucket and keeps its other notifications. */
  readonly switchOnCommand: string;

  constructor(scope: Construct, id: string, at: EnvironmentScope, props: ExistingBucketEventsProps) {
    super(scope, id);
    const { blueprint, name: environment, region } = at.environment;
    const pipelineId: PipelineId = { blueprint, environment, pipeline: props.pipeline };
    const rule = new CloudwatchEventRule(this, 'rule', {
      name: `${pipelinePrefix(pipelineId)}-objects`,
      description: `New objects of ${props.bucketName} to the queue of ${props.pipeline}`,
      eventPattern: JSON.stringify(objectCreatedPattern(props)),
    });
    new CloudwatchEventTarget(this, 'target', { rule: rule.name, arn: props.queue.queueArn });
    props.queue.acceptFromRule(rule.arn);
    this.switchOnCommand = switchOnCommand(props.bucketName, region);
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export function objectCreatedPattern({
  bucketName,
  sourcePrefix,
  suffixes,
}: Pick<ExistingBucketEventsProps, 'bucketName' | 'sourcePrefix' | 'suffixes'>) {
  const keys = keyFilters(sourcePrefix, suffixes);
  return {
    source: ['aws.s3'],
    'detail-type': ['Object Created'],
    detail: {
      bucket: { name: [bucketName] },
      ...(keys.length > 0 && { object: { key: keys } }),
    },
  };
}

function keyFilters(prefix: string, suffixes: readonly string[]) {
  if (suffixes.length > 0)
    return suffixes.map((suffix) => ({ wildcard: `${literal(prefix)}*${literal(suffix)}` }));
  return prefix === '' ? [] : [{ prefix }];
}

/** In a wildcard pattern of EventBridge `*` and `\` have a meaning. */
function literal(text: string): string {
  return text.replace(/[*\\]/g, '\\$&');
}
