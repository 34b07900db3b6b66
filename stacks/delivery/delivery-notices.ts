import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { Construct } from 'constructs';
import type { EncryptionKey } from '../iam/encryption-key';
import { EnvironmentScope } from '../iam/environment-scope';
import { createTopic } from '../iam/topic';

export interface DeliveryNoticesProps {
  /** Whether there is a CodePipeline besides the redeploys. */
  readonly hasPipeline: boolean;
  readonly key: EncryptionKey | undefined;
}

/** One kind of event, and its message. */
interface Notice {
  readonly id: string;
  readonly pattern: object;
  /** Paths of the event's values, by their names in the message. */
  readonly inputPaths: Readonly<Record<string, string>>;
  /**
   * JSON with `<name>` for a value. Without quotes the value may be any text; in quotes it must
   * contain none itself.
   */
  readonly inputTemplate: string;
}

/**
 * Reports every success and failure to a topic, by EventBridge: a notification rule would need a
 * service-linked role.
 */
export class DeliveryNotices extends Construct {
  readonly topicArn: string;

  constructor(scope: Construct, id: string, { hasPipeline, key }: DeliveryNoticesProps) {
    super(scope, id);
    const { environment, deliveryNames } = EnvironmentScope.of(this);
    this.topicArn = createTopic(this, {
      name: deliveryNames.topic,
      key,
      emails: environment.delivery.emails,
      // EventBridge sends SNS no source account, so a condition would refuse every message.
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
      publisher: { Sid: 'Notices', Principal: { Service: 'events.amazonaws.com' } },
    }).arn;
    if (hasPipeline) {
      this.createRule(this.pipelineNotice());
      this.createRule(this.failedActionNotice());
    }
    this.createRule(this.redeployNotice());
  }

  private createRule({ id, pattern, ...inputTransformer }: Notice): void {
    const { environment, deliveryNames } = EnvironmentScope.of(this);
    const rule = new CloudwatchEventRule(this, `${id}-rule`, {
      name: `${deliveryNames.topic}-${id}`,
      description: `Ends of the ${id} of ${environment.name}`,
      eventPattern: JSON.stringify(pattern),
    });
    new CloudwatchEventTarget(this, `${id}-target`, {
      rule: rule.name,
      arn: this.topicArn,
      inputTransformer,
    });
  }

  /**
   * https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
   */
  private pipelineNotice(): Notice {
    const { environment, deliveryNames } = EnvironmentScope.of(this);
    const { region } = environment;
    const { pipeline } = deliveryNames;
    return {
      id: 'pipeline',
      pattern: {
        source: ['aws.codepipeline'],
        'detail-type': ['CodePipeline Pipeline Execution State Change'],
        detail: { pipeline: [pipeline], state: ['FAILED', 'SUCCEEDED'] },
      },
      inputPaths: { state: '$.detail.state', execution: '$.detail.execution-id' },
      inputTemplate:
        `"Delivery by ${pipeline}: <state>. Its stages and logs: ` +
        `https://${region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/${pipeline}/` +
        `executions/<execution>/timeline?region=${region}"`,
    };
  }

  /** The reason of a failure is only in the events of actions. */
  private failedActionNotice(): Notice {
    const { pipeline } = EnvironmentScope.of(this).deliveryNames;
    return {
      id: 'failed-action',
      pattern: {
        source: ['aws.codepipeline'],
        'detail-type': ['CodePipeline Action Execution State Change'],
        // Without these values the message would be no JSON; the run's own notice still comes.
        detail: {
          pipeline: [pipeline],
          state: ['FAILED'],
          'execution-result': {
            'external-execution-summary': [{ exists: true }],
            'external-execution-url': [{ exists: true }],
          },
        },
      },
      inputPaths: {
        stage: '$.detail.stage',
        action: '$.detail.action',
        reason: '$.detail.execution-result.external-execution-summary',
        link: '$.detail.execution-result.external-execution-url',
      },
      inputTemplate:
        `{"failed": "${pipeline}", "stage": <stage>, "action": <action>, ` +
        '"reason": <reason>, "link": <link>}',
    };
  }

  /** https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html */
  private redeployNotice(): Notice {
    const { redeployProject } = EnvironmentScope.of(this).deliveryNames;
    return {
      id: 'redeploy',
      pattern: {
        source: ['aws.codebuild'],
        'detail-type': ['CodeBuild Build State Change'],
        detail: {
          'project-name': [redeployProject],
          'build-status': ['FAILED', 'FAULT', 'STOPPED', 'SUCCEEDED', 'TIMED_OUT'],
        },
      },
      inputPaths: {
        status: '$.detail.build-status',
        log: '$.detail.additional-information.logs.deep-link',
      },
      inputTemplate: `"Redeploy by ${redeployProject}: <status>. Its log: <log>"`,
    };
  }
}
