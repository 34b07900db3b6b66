import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { Construct } from 'constructs';
import { ServiceRole } from '../iam/service-role';

export interface StartRuleProps {
  /** Name of the rule and of its role. */
  readonly name: string;
  readonly description: string;
  readonly pattern: object;
  /** ARN of the project or CodePipeline, and the action that starts it. */
  readonly target: string;
  readonly action: 'codebuild:StartBuild' | 'codepipeline:StartPipelineExecution';
}

/** An EventBridge rule that starts one project or CodePipeline, with a role for that alone. */
export class StartRule extends Construct {
  constructor(scope: Construct, id: string, props: StartRuleProps) {
    super(scope, id);
    const { name, description, pattern, target, action } = props;
    const role = new ServiceRole(this, 'role', {
      roleName: name,
      service: 'events.amazonaws.com',
      description,
    });
    role.allow({ sid: 'Start', actions: [action], resources: [target] });
    const rule = new CloudwatchEventRule(this, 'rule', {
      name,
      description,
      eventPattern: JSON.stringify(pattern),
    });
    new CloudwatchEventTarget(this, 'target', {
      rule: rule.name,
      arn: target,
      roleArn: role.arn,
    });
  }
}
