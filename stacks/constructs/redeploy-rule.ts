import type { Construct } from 'constructs';
import { environmentPrefix } from '../../pipeline/names';
import type { DeployProjects } from './deploy-projects';
import type { EnvironmentScope } from './environment-scope';
import { StartedByEvents } from './started-by-events';

export interface RedeployRuleProps {
  /** Names of the parameters that a deploy of the stacks writes. */
  readonly targets: readonly string[];
  readonly deploy: DeployProjects;
}

/** A deploy of the stacks that changed a task brings the change to the fleet, with the image that is promoted now. */
export class RedeployRule extends StartedByEvents {
  constructor(scope: Construct, id: string, at: EnvironmentScope, { targets, deploy }: RedeployRuleProps) {
    super(scope, id, at, {
      name: `${environmentPrefix(at.environment)}-redeploy-start`,
      description: `A deploy of the stacks of ${at.environment.name} starts a redeploy`,
      // https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html
      pattern: {
        source: ['aws.ssm'],
        'detail-type': ['Parameter Store Change'],
        detail: { name: targets, operation: ['Update'] },
      },
      target: deploy.redeployArn,
      action: 'codebuild:StartBuild',
    });
  }
}
