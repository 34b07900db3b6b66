import type { Construct } from 'constructs';
import { pipelineNames, pipelinePrefix } from '../../pipeline/names';
import type { DeployProjects } from './deploy-projects';
import type { EnvironmentScope } from './environment-scope';
import { StartedByEvents } from './started-by-events';

export interface RedeployRuleProps {
  readonly pipeline: string;
  /** Name of the parameter that a deploy of the stacks writes. */
  readonly target: string;
  readonly deploy: DeployProjects;
}

/** A deploy of the stacks that changed a pipeline's task brings the change to its fleet, with the image that is promoted now. */
export class RedeployRule extends StartedByEvents {
  constructor(scope: Construct, id: string, at: EnvironmentScope, props: RedeployRuleProps) {
    const { pipeline, target, deploy } = props;
    const { blueprint, name: environment } = at.environment;
    const pipelineId = { blueprint, environment, pipeline };
    const { deliveryPath: value } = pipelineNames(pipelineId);
    super(scope, id, at, {
      name: `${pipelinePrefix(pipelineId)}-redeploy`,
      description: `A deploy of the stacks of ${environment} starts a redeploy of ${pipeline}`,
      // https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html
      pattern: {
        source: ['aws.ssm'],
        'detail-type': ['Parameter Store Change'],
        detail: { name: [target], operation: ['Update'] },
      },
      target: deploy.redeployArn,
      action: 'codebuild:StartBuild',
      // Each pipeline has a redeploy of its own: two of one pipeline would take each other's samples.
      input: { environmentVariablesOverride: [{ name: 'DELIVERY_PATHS', type: 'PLAINTEXT', value }] },
    });
  }
}
