import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { Construct } from 'constructs';
import type { EncryptionKey } from '../iam/encryption-key';
import { EnvironmentScope } from '../iam/environment-scope';
import { createTopic } from '../iam/topic';

export interface DeliveryNoticesProps {
  /** Whether there is a pipeline beside the redeploys. */
  readonly hasPipeline: boolean;
  readonly key: EncryptionKey | undefined;
}

/** One kind of event, and the message that it becomes. */
interface Notice {
  readonly what: string;
  readonly pattern: object;
  /** Where in the event the words of the message are. */
  readonly words: Readonly<Record<string, string>>;
  /**
   * JSON, in which `<word>` stands for a word: bare for any text, in quotes for one without quotes
   * of its own.
   */
  readonly template: string;
}

/**
 * Tells of every success and every failure, by a topic: no notification rule, and so no
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
      // EventBridge sends SNS no source to compare, so that a condition would refuse everything.
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
      publisher: { Sid: 'Notices', Principal: { Service: 'events.amazonaws.com' } },
    }).arn;
    if (hasPipeline) {
      this.announce(this.ofPipeline());
      this.announce(this.ofFailedActions());
    }
    this.announce(this.ofRedeploys());
  }

  private announce({ what, pattern, words, template }: Notice): void {
    const { environment, deliveryNames } = EnvironmentScope.of(this);
    const rule = new CloudwatchEventRule(this, `${what}-rule`, {
      name: `${deliveryNames.topic}-${what}`,
      description: `Ends of the ${what} of ${environment.name}`,
      eventPattern: JSON.stringify(pattern),
    });
    new CloudwatchEventTarget(this, `${what}-target`, {
      rule: rule.name,
      arn: this.topicArn,
      inputTransformer: { inputPaths: words, inputTemplate: template },
    });
  }

  /**
   * https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
   */
  private ofPipeline(): Notice {
    const { environment, deliveryNames } = EnvironmentScope.of(this);
    const { region } = environment;
    const { pipeline } = deliveryNames;
    return {
      what: 'pipeline',
      pattern: {
        source: ['aws.codepipeline'],
        'detail-type': ['CodePipeline Pipeline Execution State Change'],
        detail: { pipeline: [pipeline], state: ['FAILED', 'SUCCEEDED'] },
      },
      words: { state: '$.detail.state', execution: '$.detail.execution-id' },
      template: `"Delivery by ${pipeline}: <state>. Its stages and logs: https://${region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/${pipeline}/executions/<execution>/timeline?region=${region}"`,
    };
  }

  /**
   * Only an action says why: that its repository does not exist, or that its build ended with an
   * error.
   */
  private ofFailedActions(): Notice {
    const { pipeline } = EnvironmentScope.of(this).deliveryNames;
    return {
      what: 'failed-action',
      pattern: {
        source: ['aws.codepipeline'],
        'detail-type': ['CodePipeline Action Execution State Change'],
        // Without a word it would be no JSON; the end of the run is told all the same.
        detail: {
          pipeline: [pipeline],
          state: ['FAILED'],
          'execution-result': {
            'external-execution-summary': [{ exists: true }],
            'external-execution-url': [{ exists: true }],
          },
        },
      },
      words: {
        stage: '$.detail.stage',
        action: '$.detail.action',
        reason: '$.detail.execution-result.external-execution-summary',
        link: '$.detail.execution-result.external-execution-url',
      },
      template: `{"failed": "${pipeline}", "stage": <stage>, "action": <action>, "reason": <reason>, "link": <link>}`,
    };
  }

  /** https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html */
  private ofRedeploys(): Notice {
    const { redeployProject } = EnvironmentScope.of(this).deliveryNames;
    return {
      what: 'redeploy',
      pattern: {
        source: ['aws.codebuild'],
        'detail-type': ['CodeBuild Build State Change'],
        detail: {
          'project-name': [redeployProject],
          'build-status': ['FAILED', 'FAULT', 'STOPPED', 'SUCCEEDED', 'TIMED_OUT'],
        },
      },
      words: {
        status: '$.detail.build-status',
        log: '$.detail.additional-information.logs.deep-link',
      },
      template: `"Redeploy by ${redeployProject}: <status>. Its log: <log>"`,
    };
  }
}
